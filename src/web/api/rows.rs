//! Rows as requesters may see them: selected, and without what visitors may not see.

use std::io;

use super::filters::ApiFilters;
use super::table::ApiTable;
use crate::model::finding_basis::FindingBasis;
use crate::model::{Catalogue, Incident};
use crate::report::{Cell, ExportRequest, TableFormat, TableHead, write_json_row};
use crate::store::RowFilter;
use crate::web::page::PageContext;

/// Turns cells into rows of a table for one requester.
pub struct RowWriter<'a> {
    catalogue: &'a Catalogue,
    filters: &'a ApiFilters,
    pub head: TableHead,
    names: Vec<&'static str>,
    /// The places of columns that stay empty.
    hidden: Vec<usize>,
}

impl<'a> RowWriter<'a> {
    /// A writer for the requester of a page.
    #[must_use]
    pub fn new(table: ApiTable, context: &PageContext<'a>, filters: &'a ApiFilters) -> Self {
        let hidden: &[&str] = if context.is_public_view() {
            table.hidden_columns()
        } else {
            &[]
        };
        let head = table.heading();
        let names: Vec<&'static str> = head.columns.iter().map(|column| column.name).collect();
        let places = names.iter().enumerate();
        let places = places.filter(|(_, name)| hidden.contains(name));
        Self {
            catalogue: context.catalogue(),
            filters,
            hidden: places.map(|(at, _)| at).collect(),
            head,
            names,
        }
    }

    /// The row, if it is selected.
    #[must_use]
    pub fn select<'c>(&self, cells: &[Cell<'c>]) -> Option<Vec<Cell<'c>>> {
        if !self.filters.accepts_row(self.catalogue, &self.head, cells) {
            return None;
        }
        let mut row = cells.to_vec();
        for at in &self.hidden {
            row[*at] = match row[*at] {
                Cell::List(_) => Cell::List(Vec::new()),
                _ => Cell::Empty,
            };
        }
        Some(row)
    }

    /// A selected row as a JSON object.
    pub fn json(&self, row: &[Cell<'_>]) -> io::Result<Vec<u8>> {
        let mut json = Vec::new();
        write_json_row(&mut json, &self.names, row)?;
        Ok(json)
    }

    /// The text of a cell, for keys.
    #[must_use]
    pub fn text(&self, row: &[Cell<'_>], column: &str) -> String {
        let at = self.names.iter().position(|name| *name == column);
        match at.and_then(|at| row.get(at)) {
            Some(Cell::Text(text)) => text.as_ref().to_owned(),
            _ => String::new(),
        }
    }
}

/// What the tables of exports need to know for one requester.
#[must_use]
pub fn export_request<'a>(
    context: &PageContext<'a>,
    table: ApiTable,
    filter: RowFilter,
) -> ExportRequest<'a> {
    let workspace = &context.config.workspace;
    ExportRequest {
        table: table.export(),
        format: TableFormat::Csv,
        filter,
        anonymise: context.is_public_view(),
        no_bodies: true,
        catalogue: &workspace.catalogue,
        calendars: &workspace.calendars,
        settings: &workspace.settings,
    }
}

/// The incident as a requester may see it: visitors see nothing of what people said.
#[must_use]
pub fn visible(context: &PageContext<'_>, mut incident: Incident) -> Incident {
    if context.is_public_view() {
        let of_person = |basis: &FindingBasis| matches!(basis, FindingBasis::Person { .. });
        incident.finding_basis.retain(|basis| !of_person(basis));
        incident.human_checks.clear();
        incident.acknowledged_by = None;
    }
    incident
}
