//! `filter`, `orderBy`, `skip` and `top`, the query parameters of lists.

use std::cmp::Ordering;

use serde::Serialize;
use serde_json::Value;

use super::call::Call;
use crate::envelope::Envelope;
use crate::http::{Response, query};

const DEFAULT_TOP: usize = 10;

/// The query of a list.
#[derive(Debug)]
pub(super) struct ListQuery {
    filter: Option<Filter>,
    order: Option<Order>,
    skip: usize,
    top: usize,
}

/// `field==VALUE`
#[derive(Debug)]
struct Filter {
    field: &'static str,
    /// In lower case, without the wildcards.
    value: String,
    /// True if the value starts with `*`.
    any_prefix: bool,
    /// True if the value ends with `*`.
    any_suffix: bool,
}

/// `field asc` or `field desc`
#[derive(Debug)]
struct Order {
    field: &'static str,
    descending: bool,
}

impl ListQuery {
    /// Parses the query of a call for elements with these fields. The error response names every
    /// problem.
    pub(super) fn from_call(
        call: &Call<'_>,
        fields: &'static [&'static str],
    ) -> Result<Self, Response> {
        let mut errors = Vec::new();
        let list_query = Self::parse(call.query, fields, &mut errors);
        if errors.is_empty() {
            return Ok(list_query);
        }
        let status_line = "Failed to retrieve the list due to validation errors.";
        Err(Envelope::validation_error(call.now, status_line, errors).response(200))
    }

    fn parse(query: &str, fields: &'static [&'static str], errors: &mut Vec<String>) -> Self {
        let mut filter = None;
        if let Some(text) = query::parameter(query, "filter") {
            filter = Filter::parse(&text, fields);
            if filter.is_none() {
                errors.push(format!("filter must be like {}=='VALUE'", fields[0]));
            }
        }
        let mut order = None;
        if let Some(text) = query::parameter(query, "orderBy") {
            order = Order::parse(&text, fields);
            if order.is_none() {
                errors.push(format!("orderBy must be like '{} asc'", fields[0]));
            }
        }
        let mut number = |name, default| match query::parameter(query, name) {
            None => default,
            Some(text) => text.parse().unwrap_or_else(|_| {
                errors.push(format!("{name} must be 0 or a positive whole number"));
                default
            }),
        };
        let (skip, top) = (number("skip", 0), number("top", DEFAULT_TOP));
        Self { filter, order, skip, top }
    }

    /// Filters and sorts the elements, and returns the requested page.
    pub(super) fn apply<T: Serialize>(&self, elements: Vec<T>) -> Vec<T> {
        let mut rows: Vec<_> = elements
            .into_iter()
            .map(|element| (serde_json::to_value(&element).unwrap_or_default(), element))
            .filter(|(row, _)| self.filter.as_ref().is_none_or(|filter| filter.matches(row)))
            .collect();
        if let Some(order) = &self.order {
            rows.sort_by(|(a, _), (b, _)| order.compare(a, b));
        }
        rows.into_iter().map(|(_, element)| element).skip(self.skip).take(self.top).collect()
    }
}

impl Filter {
    fn parse(text: &str, fields: &[&'static str]) -> Option<Self> {
        let (field, value) = text.split_once("==")?;
        let field = find_field(field.trim(), fields)?;
        let value = value.trim();
        let value = match value.strip_prefix('\'') {
            Some(rest) => rest.strip_suffix('\'').filter(|inner| !inner.contains('\''))?,
            None if value.is_empty() || value.contains([' ', '\'', '=']) => return None,
            None => value,
        };
        let without_prefix = value.strip_prefix('*');
        let value = without_prefix.unwrap_or(value);
        let without_suffix = value.strip_suffix('*');
        Some(Self {
            field,
            value: without_suffix.unwrap_or(value).to_lowercase(),
            any_prefix: without_prefix.is_some(),
            any_suffix: without_suffix.is_some(),
        })
    }

    /// Ignores case: the vendor's own example would find nothing otherwise.
    fn matches(&self, row: &Value) -> bool {
        let text = match &row[self.field] {
            Value::String(text) => text.to_lowercase(),
            other => other.to_string(),
        };
        match (self.any_prefix, self.any_suffix) {
            (false, false) => text == self.value,
            (true, false) => text.ends_with(&self.value),
            (false, true) => text.starts_with(&self.value),
            (true, true) => text.contains(&self.value),
        }
    }
}

impl Order {
    fn parse(text: &str, fields: &[&'static str]) -> Option<Self> {
        let mut words = text.split_whitespace();
        let field = find_field(words.next()?, fields)?;
        let descending = match words.next()? {
            "asc" => false,
            "desc" => true,
            _ => return None,
        };
        words.next().is_none().then_some(Self { field, descending })
    }

    /// Sorts null and missing values first in ascending order.
    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        let ordering = match (&a[self.field], &b[self.field]) {
            (Value::String(a), Value::String(b)) => a.cmp(b),
            (a, b) => a.as_u64().cmp(&b.as_u64()),
        };
        if self.descending { ordering.reverse() } else { ordering }
    }
}

fn find_field(name: &str, fields: &[&'static str]) -> Option<&'static str> {
    fields.iter().find(|field| **field == name).copied()
}
