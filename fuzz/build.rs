//! Writes a call of every function of `include/luma.h`, for `targets/functions.rs`. Fails if a
//! function has a type of argument that is not listed here.

use std::fmt::Write;

/// An argument of a call: its type in Rust, its value, and what happens to it after the call.
struct Argument {
    kind: String,
    value: String,
    after: String,
}

impl Argument {
    fn new(function: &str, kind: &str, name: &str, number: usize) -> Self {
        let plain = |kind: &str, value: String| Argument {
            kind: kind.to_owned(),
            value,
            after: String::new(),
        };
        // An out-parameter keeps a value that no function writes, or is NULL.
        let out = |kind: &str, dirty: &str, after: String| Argument {
            kind: format!("*mut {kind}"),
            value: format!("{{ o{number} = {dirty}; p.out(&mut o{number}) }}"),
            after: format!("if !a{number}.is_null() {{ {after} }}"),
        };
        match kind {
            "const char *" => plain("*const c_char", format!("p.text({name:?})")),
            "int64_t" => plain("i64", format!("p.int64({name:?})")),
            "int32_t" => plain("i32", "p.int32()".into()),
            "size_t" => plain("usize", "p.size()".into()),
            "double" => plain("f64", "p.double()".into()),
            "void *" => plain("*mut c_void", "USER_DATA".into()),
            "const char **" => {
                out("*const c_char", "DIRTY.cast()", format!("p.check_text(o{number});"))
            }
            "void **" => out("*mut c_void", "DIRTY", format!("p.check_user_data(o{number});")),
            "size_t *" => out("usize", "77", format!("assert_ne!(o{number}, 77);")),
            "int64_t *" => out("i64", "77", format!("assert_ne!(o{number}, 77);")),
            "int32_t *" => out("i32", "77", format!("assert_ne!(o{number}, 77);")),
            _ => {
                let known = kind.trim_start_matches("const ").trim_end_matches([' ', '*']);
                let known = known.strip_prefix("luma_").unwrap_or_else(|| {
                    panic!("{function}: no values for {kind} {name}; add them to fuzz/build.rs")
                });
                if let Some(callback) = known.strip_suffix("_fn") {
                    plain(
                        &format!("Option<{known}>"),
                        format!("p.callback(on_{callback} as {known})"),
                    )
                } else if kind.ends_with("**") {
                    out("*mut c_void", "DIRTY", format!("p.keep({known:?}, o{number});"))
                } else if function == format!("luma_{known}_free") {
                    plain("*mut c_void", format!("p.take({known:?})"))
                } else {
                    plain("*mut c_void", format!("p.handle({known:?})"))
                }
            }
        }
    }

    /// Returns the declaration of the variable that an out-parameter points to.
    fn variable(&self, number: usize) -> Option<String> {
        self.kind
            .strip_prefix("*mut ")
            .filter(|_| !self.after.is_empty())
            .map(|kind| format!("let mut o{number}: {kind}; "))
    }
}

/// Returns the declarations of functions: what one returns, its name and its arguments.
fn functions(header: &str) -> Vec<(String, String, Vec<(String, String)>)> {
    let mut text = String::new();
    let mut rest = header;
    while let Some((before, after)) = rest.split_once("/*") {
        text += before;
        rest = after.split_once("*/").unwrap().1;
    }
    text += rest;
    let is_code = |line: &&str| !line.starts_with('#') && !line.starts_with("extern");
    let text = text.lines().filter(is_code).collect::<Vec<_>>().join(" ");
    // The last star is part of the type, and not of the name.
    let split = |text: &str| {
        let at = text.rfind([' ', '*']).unwrap() + 1;
        (text[..at].trim().to_owned(), text[at..].to_owned())
    };
    let declarations = text.split(';').map(str::trim).filter(|text| {
        !text.starts_with("typedef") && text.contains(" *luma_") | text.contains(" luma_")
    });
    declarations
        .filter_map(|text| text.strip_suffix(')')?.split_once('('))
        .map(|(before, arguments)| {
            let (returned, name) = split(before);
            let arguments = arguments.split(',').map(str::trim).filter(|text| *text != "void");
            (returned, name, arguments.map(split).collect())
        })
        .collect()
}

fn main() {
    println!("cargo::rerun-if-changed=../include/luma.h");
    let header = std::fs::read_to_string("../include/luma.h").unwrap();
    let (mut declared, mut called, mut named) = (String::new(), String::new(), Vec::new());
    for (returned, function, arguments) in functions(&header) {
        let arguments = arguments.iter().enumerate();
        let arguments: Vec<_> = arguments
            .map(|(number, (kind, name))| Argument::new(&function, kind, name, number))
            .collect();
        let (returned, check) = match &*returned {
            "void" => ("()", "let () = r;"),
            "int32_t" => ("i32", "p.check_number(r.into());"),
            "int64_t" => ("i64", "p.check_number(r);"),
            "size_t" => ("usize", "p.check_number(r as i64);"),
            "const char *" => ("*const c_char", "p.check_text(r);"),
            _ => panic!("{function} returns {returned}"),
        };
        let numbered: Vec<_> = arguments.iter().enumerate().collect();
        let list = |item: &dyn Fn(usize, &Argument) -> String| -> Vec<String> {
            numbered.iter().map(|(number, argument)| item(*number, argument)).collect()
        };
        let variables = list(&|number, argument| argument.variable(number).unwrap_or_default());
        let values = list(&|number, argument| format!("let a{number} = {}; ", argument.value));
        let names = list(&|number, _| format!("a{number}"));
        let afters = list(&|_, argument| argument.after.clone());
        let types = list(&|number, argument| format!("a{number}: {}", argument.kind));
        writeln!(declared, "    fn {function}({}) -> {returned};", types.join(", ")).unwrap();
        writeln!(
            called,
            "        {} => {{ {}{}p.begin({function:?}); let r: {returned} = \
             unsafe {{ {function}({}) }}; {check} {} }}",
            named.len(),
            variables.concat(),
            values.concat(),
            names.join(", "),
            afters.concat(),
        )
        .unwrap();
        named.push(function);
    }
    let code = format!(
        "unsafe extern \"C\" {{\n{declared}}}\n\nconst NAMES: [&str; {}] = {named:?};\n\n\
         fn call(number: usize, p: &mut Pool<'_>) {{\n    match number {{\n{called}        \
         _ => {{}}\n    }}\n}}\n",
        named.len()
    );
    let folder = std::env::var("OUT_DIR").unwrap();
    std::fs::write(format!("{folder}/functions.rs"), code).unwrap();
}
