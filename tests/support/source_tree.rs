//! The source of this crate, parsed: its modules, and the imports, types and functions of each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// A path of identifiers from the root of the crate; empty for the root itself.
pub type ModulePath = Vec<String>;

/// One file: a module of the crate. Code that is compiled only for tests is left out.
pub struct Module {
    pub path: ModulePath,
    /// Relative to the root of the crate's sources.
    pub file: PathBuf,
    pub lines: usize,
    /// Whether the whole file is compiled only for tests.
    pub is_test: bool,
    /// The types that are visible outside their module.
    pub visible_types: Vec<String>,
    /// The functions that are visible outside their module.
    pub visible_functions: Vec<String>,
    /// Every function, with its length in lines.
    pub functions: Vec<(String, usize)>,
    /// A name that a `use` brings into the module, and the path that it stands for.
    imports: BTreeMap<String, ModulePath>,
    /// The paths that the code names, from the root of the crate or from an import.
    pub named: BTreeSet<ModulePath>,
}

/// All files of a crate.
pub struct SourceTree {
    pub modules: BTreeMap<ModulePath, Module>,
}

impl SourceTree {
    /// The sources of accesswatch, read once.
    pub fn of_this_crate() -> &'static Self {
        static TREE: LazyLock<SourceTree> =
            LazyLock::new(|| SourceTree::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")));
        &TREE
    }

    /// Reads every file below `src`.
    pub fn read(src: &Path) -> Self {
        let mut files = Vec::new();
        rust_files(src, &mut files);
        let mut modules = BTreeMap::new();
        let mut tests = BTreeSet::new();
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            let mut syntax = syn::parse_file(&text).unwrap();
            tests.extend(test_files(&file, &syntax));
            syntax.items.retain(|item| !is_test(attributes(item)));
            let path = module_path(file.strip_prefix(src).unwrap());
            let mut reader = Reader::new(&path, &syntax);
            reader.visit_file(&syntax);
            let module = Module {
                path: path.clone(),
                file: file.strip_prefix(src).unwrap().to_owned(),
                lines: text.lines().count(),
                is_test: false,
                visible_types: reader.visible_types,
                visible_functions: reader.visible_functions,
                functions: reader.functions,
                imports: reader.imports,
                named: reader.named,
            };
            modules.insert(path, module);
        }
        let tests: BTreeSet<ModulePath> = tests
            .iter()
            .filter_map(|file| Some(module_path(file.strip_prefix(src).ok()?)))
            .collect();
        for module in modules.values_mut() {
            module.is_test = (0..=module.path.len()).any(|n| tests.contains(&module.path[..n]));
        }
        Self { modules }
    }

    /// The modules that are not tests.
    pub fn code(&self) -> impl Iterator<Item = &Module> {
        self.modules.values().filter(|module| !module.is_test)
    }

    /// The files that a file imports from: each name is followed through re-exports to its
    /// definition.
    pub fn imports_of(&self, module: &Module) -> BTreeSet<ModulePath> {
        let named = module.named.iter().map(|path| self.defined_in(path));
        named.filter(|path| *path != module.path).collect()
    }

    /// The module in which the thing at this path is defined.
    pub fn defined_in(&self, path: &[String]) -> ModulePath {
        let mut path = path.to_vec();
        // A chain of re-exports ends; a circle of globs would not.
        for _ in 0..20 {
            let known = (0..=path.len())
                .rev()
                .find(|n| self.modules.contains_key(&path[..*n]));
            let module = &self.modules[&path[..known.unwrap_or(0)]];
            let rest = &path[module.path.len()..];
            let Some(target) = rest.first().and_then(|name| module.imports.get(name)) else {
                return module.path.clone();
            };
            path = target.iter().chain(&rest[1..]).cloned().collect();
        }
        Vec::new()
    }
}

/// A module's path as it is written in code.
pub fn shown(path: &[String]) -> String {
    if path.is_empty() {
        "crate".to_owned()
    } else {
        path.join("::")
    }
}

/// Every Rust file below a folder.
pub fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn module_path(file: &Path) -> ModulePath {
    let mut path: ModulePath = file
        .with_extension("")
        .iter()
        .map(|part| part.to_str().unwrap().to_owned())
        .collect();
    if matches!(
        path.last().map(String::as_str),
        Some("mod" | "lib" | "main")
    ) {
        path.pop();
    }
    path
}

/// The files of the modules that a file declares only for tests.
fn test_files(file: &Path, syntax: &syn::File) -> Vec<PathBuf> {
    let dir = file.parent().unwrap();
    let stem = file.file_stem().unwrap().to_str().unwrap();
    let own = if matches!(stem, "mod" | "lib" | "main") {
        dir.to_owned()
    } else {
        dir.join(stem)
    };
    let mut found = Vec::new();
    for item in &syntax.items {
        let syn::Item::Mod(module) = item else {
            continue;
        };
        if module.content.is_some() || !is_test(&module.attrs) {
            continue;
        }
        let stated = module
            .attrs
            .iter()
            .find_map(|attribute| match &attribute.meta {
                syn::Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
                    syn::Expr::Lit(syn::ExprLit {
                        lit: syn::Lit::Str(text),
                        ..
                    }) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            });
        let name = module.ident.to_string();
        found.push(stated.map_or_else(|| own.join(format!("{name}.rs")), |path| dir.join(path)));
        found.push(own.join(name).join("mod.rs"));
    }
    found
}

/// Whether an item is compiled only for tests.
fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else {
            return attribute.path().is_ident("test");
        };
        list.path.is_ident("cfg") && list.tokens.to_string() == "test"
    })
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Reads the paths of one file.
struct Reader {
    /// The module whose scope applies; it is longer than the file's path inside an inline module.
    scope: ModulePath,
    /// Names of modules that the file declares.
    children: BTreeSet<String>,
    imports: BTreeMap<String, ModulePath>,
    pub named: BTreeSet<ModulePath>,
    visible_types: Vec<String>,
    visible_functions: Vec<String>,
    functions: Vec<(String, usize)>,
}

impl Reader {
    fn new(path: &[String], syntax: &syn::File) -> Self {
        let children = syntax.items.iter().filter_map(|item| match item {
            syn::Item::Mod(module) if module.content.is_none() => Some(module.ident.to_string()),
            _ => None,
        });
        let mut reader = Self {
            scope: path.to_vec(),
            children: children.collect(),
            imports: BTreeMap::new(),
            named: BTreeSet::new(),
            visible_types: Vec::new(),
            visible_functions: Vec::new(),
            functions: Vec::new(),
        };
        // All imports first: a path may precede the import that its first name comes from.
        for item in &syntax.items {
            if let syn::Item::Use(import) = item {
                reader.read_use(&import.tree, &mut Vec::new(), false);
            }
        }
        reader
    }

    fn note_type(&mut self, visibility: &syn::Visibility, name: &syn::Ident) {
        if !matches!(visibility, syn::Visibility::Inherited) {
            self.visible_types.push(name.to_string());
        }
    }

    fn note_visible(&mut self, visibility: &syn::Visibility, signature: &syn::Signature) {
        if !matches!(visibility, syn::Visibility::Inherited) {
            self.visible_functions.push(signature.ident.to_string());
        }
    }

    fn note_function(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let lines = body.span().end().line + 1 - signature.span().start().line;
        self.functions.push((signature.ident.to_string(), lines));
    }

    /// The path from the root of the crate; `None` when it leads into another crate.
    fn absolute(&self, path: &[String]) -> Option<ModulePath> {
        let first = path.first()?;
        let mut base = match first.as_str() {
            "crate" => Vec::new(),
            "self" | "super" => self.scope.clone(),
            name if self.children.contains(name) => {
                return Some(self.scope.iter().chain(path).cloned().collect());
            }
            name => {
                let target = self.imports.get(name)?;
                return Some(target.iter().chain(&path[1..]).cloned().collect());
            }
        };
        let mut rest = path;
        while let Some(name) = rest.first() {
            match name.as_str() {
                "crate" | "self" => {}
                "super" => {
                    base.pop();
                }
                _ => break,
            }
            rest = &rest[1..];
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }

    fn note(&mut self, path: &[String]) {
        if let Some(path) = self.absolute(path) {
            self.named.insert(path);
        }
    }

    fn read_use(&mut self, tree: &syn::UseTree, before: &mut Vec<String>, is_used: bool) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.read_use(&path.tree, before, is_used);
                before.pop();
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.read_use(tree, before, is_used);
                }
            }
            syn::UseTree::Name(name) => {
                self.read_name(&name.ident.to_string(), None, before, is_used);
            }
            syn::UseTree::Rename(name) => {
                let alias = name.rename.to_string();
                self.read_name(&name.ident.to_string(), Some(alias), before, is_used);
            }
            syn::UseTree::Glob(_) => {
                if is_used {
                    self.note(before);
                }
            }
        }
    }

    fn read_name(&mut self, name: &str, alias: Option<String>, before: &[String], is_used: bool) {
        let mut path = before.to_vec();
        if name != "self" {
            path.push(name.to_owned());
        }
        if is_used {
            return self.note(&path);
        }
        if let (Some(target), Some(last)) = (self.absolute(&path), path.last()) {
            self.imports
                .insert(alias.unwrap_or_else(|| last.clone()), target);
        }
    }

    /// The paths in the tokens of a macro, which are not parsed yet.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.note_tokens(&path);
                        path.clear();
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                other => {
                    self.note_tokens(&path);
                    path.clear();
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.read_tokens(group.stream());
                    }
                }
            }
        }
        self.note_tokens(&path);
    }

    /// A single keyword, as in `pub(super)`, is not an import.
    fn note_tokens(&mut self, path: &[String]) {
        if path.len() > 1 {
            self.note(path);
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.note_type(&item.vis, &item.ident);
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.note_type(&item.vis, &item.ident);
        visit::visit_item_enum(self, item);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.note_type(&item.vis, &item.ident);
        visit::visit_item_trait(self, item);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.note_type(&item.vis, &item.ident);
        visit::visit_item_type(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.note_visible(&item.vis, &item.sig);
        self.note_function(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.note_visible(&item.vis, &item.sig);
        self.note_function(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.note_function(&item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        // A re-export passes on what other modules use; only those modules depend on it.
        if matches!(item.vis, syn::Visibility::Inherited) {
            self.read_use(&item.tree, &mut Vec::new(), true);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) && item.content.is_some() {
            self.scope.push(item.ident.to_string());
            visit::visit_item_mod(self, item);
            self.scope.pop();
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if names.len() > 1 {
            self.note(&names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.read_tokens(item.tokens.clone());
    }

    // A visibility is not an import.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}
