//! `filter`, `orderBy`, `skip` and `top`: which part of a list is wanted, and in which order.

use std::cmp::Ordering;

use serde::Serialize;
use serde_json::Value;

use super::Call;
use super::envelope::Envelope;
use crate::http::{Response, query};

const DEFAULT_TOP: usize = 10;

/// What a query asks of a list.
#[derive(Debug)]
pub(super) struct Listing {
    filter: Option<Filter>,
    order: Option<Order>,
    skip: usize,
    top: usize,
}

/// `field==VALUE`
#[derive(Debug)]
struct Filter {
    field: &'static str,
    value: String,
    /// Whether anything may stand before the value, and whether anything may stand after it.
    open: (bool, bool),
}

/// `field asc` or `field desc`
#[derive(Debug)]
struct Order {
    field: &'static str,
    descends: bool,
}

impl Listing {
    /// What this call asks of a list whose items have these fields, or the response that says everything that is wrong with it.
    pub(super) fn of(call: &Call<'_>, fields: &'static [&'static str]) -> Result<Self, Response> {
        let mut errors = Vec::new();
        let listing = Self::parse(call.query, fields, &mut errors);
        if errors.is_empty() {
            return Ok(listing);
        }
        let line = "Failed to retrieve the list due to validation errors.";
        Err(Envelope::invalid(call.now, line, errors).response(200))
    }

    fn parse(query: &str, fields: &'static [&'static str], errors: &mut Vec<String>) -> Self {
        let mut filter = None;
        if let Some(text) = query::value(query, "filter") {
            filter = Filter::parse(&text, fields);
            if filter.is_none() {
                errors.push(format!("filter must be like {}=='VALUE'", fields[0]));
            }
        }
        let mut order = None;
        if let Some(text) = query::value(query, "orderBy") {
            order = Order::parse(&text, fields);
            if order.is_none() {
                errors.push(format!("orderBy must be like '{} asc'", fields[0]));
            }
        }
        let mut number = |name, default| match query::value(query, name) {
            None => default,
            Some(text) => text.parse().unwrap_or_else(|_| {
                errors.push(format!("{name} must be a number that is not negative"));
                default
            }),
        };
        let (skip, top) = (number("skip", 0), number("top", DEFAULT_TOP));
        Self { filter, order, skip, top }
    }

    /// The items that are wanted.
    pub(super) fn apply<T: Serialize>(&self, items: Vec<T>) -> Vec<T> {
        let mut rows: Vec<_> = items
            .into_iter()
            .map(|item| (serde_json::to_value(&item).unwrap_or_default(), item))
            .filter(|(row, _)| self.filter.as_ref().is_none_or(|filter| filter.lets_pass(row)))
            .collect();
        if let Some(order) = &self.order {
            rows.sort_by(|(a, _), (b, _)| order.compare(a, b));
        }
        rows.into_iter().map(|(_, item)| item).skip(self.skip).take(self.top).collect()
    }
}

impl Filter {
    fn parse(text: &str, fields: &[&'static str]) -> Option<Self> {
        let (field, value) = text.split_once("==")?;
        let field = known(field.trim(), fields)?;
        let value = value.trim();
        let value = match value.strip_prefix('\'') {
            Some(rest) => rest.strip_suffix('\'').filter(|inner| !inner.contains('\''))?,
            None if value.is_empty() || value.contains([' ', '\'', '=']) => return None,
            None => value,
        };
        let (value, before) = value.strip_prefix('*').map_or((value, false), |rest| (rest, true));
        let (value, after) = value.strip_suffix('*').map_or((value, false), |rest| (rest, true));
        Some(Self { field, value: value.to_lowercase(), open: (before, after) })
    }

    /// Case does not matter, since the vendor's own example would find nothing if it did.
    fn lets_pass(&self, row: &Value) -> bool {
        let text = match &row[self.field] {
            Value::String(text) => text.to_lowercase(),
            other => other.to_string(),
        };
        match self.open {
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
        let field = known(words.next()?, fields)?;
        let descends = match words.next()? {
            "asc" => false,
            "desc" => true,
            _ => return None,
        };
        words.next().is_none().then_some(Self { field, descends })
    }

    /// What is null or missing comes first when it ascends.
    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        let ordering = match (&a[self.field], &b[self.field]) {
            (Value::String(a), Value::String(b)) => a.cmp(b),
            (a, b) => a.as_u64().cmp(&b.as_u64()),
        };
        if self.descends { ordering.reverse() } else { ordering }
    }
}

fn known(field: &str, fields: &[&'static str]) -> Option<&'static str> {
    fields.iter().find(|known| **known == field).copied()
}
