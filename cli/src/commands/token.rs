//! `luma token regenerate`.

use std::path::Path;

use luma::Client;
use serde_json::json;

use crate::exit::{Exit, Failure};
use crate::interrupt;
use crate::output::{self, Output};
use crate::settings::token_from;

pub fn regenerate(
    client: &Client,
    tenant: &str,
    super_admin_token: &Path,
    output: Output,
) -> Result<Exit, Failure> {
    let super_admin_token = token_from(super_admin_token)?;
    interrupt::closes(client);
    let token = client.regenerate_tenant_token(&super_admin_token, tenant)?;
    let printed = match output.is_json {
        true => output::document(&json!({ "accessToken": token.access_token() })),
        false => output::line(token.access_token()),
    };
    printed.map_err(|_| Failure {
        exit: Exit::Unknown,
        message: "the new token could not be written to stdout, and the old one is invalid: \
                  regenerate it again"
            .to_owned(),
    })?;
    Ok(Exit::Accepted)
}
