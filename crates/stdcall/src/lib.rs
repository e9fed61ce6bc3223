//! Exports each function of `luma-automation` a second time, for host processes that can only call
//! stdcall functions.
//!
//! Windows has two calling conventions for 32-bit programs: cdecl, the default of C compilers, and
//! stdcall, the only one that VB6, VBA and old Delphi code can use.

use proc_macro::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};

/// Adds a stdcall twin of an exported function, or of a callback type, on 32-bit Windows.
///
/// The twin is the same item with `_stdcall` appended to its name, `extern "stdcall"` instead of
/// `extern "C"`, and the twins of callback types (`luma_…_fn`). The body of a function is
/// duplicated too, so it must call a callback itself, or pass on a closure that does: a helper
/// function could take only one of the two callback types.
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
            TokenTree::Ident(name) if has_twin(&previous, &name.to_string()) => {
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
            // A group separates the tokens before it from those after it.
            TokenTree::Group(group) if group.delimiter() != Delimiter::None => String::new(),
            _ => token.to_string(),
        };
        renamed
    };
    tokens.into_iter().map(rename).collect()
}

/// True if a name has a twin: the item itself, or a callback type.
fn has_twin(previous: &str, name: &str) -> bool {
    name.starts_with("luma_") && (previous == "fn" || name.ends_with("_fn"))
}
