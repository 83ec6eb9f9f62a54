//! Builds again when a shipped file comes or goes: `init` embeds `config/` and `probes/`, and the compiler
//! itself only notices files that were there before.

fn main() {
    println!("cargo:rerun-if-changed=config");
    println!("cargo:rerun-if-changed=probes");
}
