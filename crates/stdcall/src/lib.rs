//! Exports what `luma-automation` exports once more, for hosts that know only stdcall.
//!
//! Windows has two calling conventions for 32-bit programs: cdecl, which C compilers take unless
//! told otherwise, and stdcall, the only one that VB6, VBA and old Delphi code speak.

use proc_macro::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};

/// Makes a twin for 32-bit Windows: the same item with `_stdcall` behind its name, `extern "stdcall"`
/// in place of `extern "C"`, and the twin of each type of a callback (`luma_…_fn`).
///
/// It stands before an exported function, and before the type of a callback. The body of a function
/// is the same text twice, so it calls a callback itself, or hands on a closure that does.
#[proc_macro_attribute]
pub fn also(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut both = item.clone();
    both.extend("#[cfg(all(windows, target_arch = \"x86\"))]".parse::<TokenStream>().unwrap());
    both.extend(twin(item));
    both
}

fn twin(tokens: TokenStream) -> TokenStream {
    let mut previous = String::new();
    let rename = |token: TokenTree| {
        let renamed = match &token {
            TokenTree::Ident(name) if is_twofold(&previous, &name.to_string()) => {
                Ident::new(&format!("{name}_stdcall"), name.span()).into()
            }
            TokenTree::Literal(_) if previous == "extern" => Literal::string("stdcall").into(),
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), twin(group.stream()));
                inner.set_span(group.span());
                inner.into()
            }
            _ => token.clone(),
        };
        previous = match &token {
            // What is before a group is not before what follows it.
            TokenTree::Group(group) if group.delimiter() != Delimiter::None => String::new(),
            _ => token.to_string(),
        };
        renamed
    };
    tokens.into_iter().map(rename).collect()
}

/// The item itself, or the type of a callback.
fn is_twofold(previous: &str, name: &str) -> bool {
    name.starts_with("luma_") && (previous == "fn" || name.ends_with("_fn"))
}
