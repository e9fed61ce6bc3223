//! The catalogue as a table: of a run for the terminal, and of what is promised for the README.

use std::fmt::Write;
use std::path::Path;

use luma::Outcome;

use crate::callers::{Told, status_name};
use crate::cases::Case;
use crate::{MAX_KIB, MAX_LATE};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const BEGIN: &str = "<!-- The fault catalogue. `make catalogue` writes it. -->\n";
const END: &str = "<!-- End of the fault catalogue. -->\n";

/// How a variant of a case went with one caller.
pub enum Line {
    Ran {
        told: Box<Told>,
        deliveries: usize,
        wrong: Vec<String>,
    },
    Skipped(String),
    /// The test itself could not go on, and said why.
    Panicked,
}

/// One variant's line: with one caller and with the other.
pub fn line(case: &Case, variant: &str, ran: &[(&str, Line)]) -> String {
    let expected = format!("{} {}", case.outcome, short_status(case));
    let mut names = Vec::new();
    let (mut got, mut deliveries) = (Vec::new(), Vec::new());
    let (mut milliseconds, mut kib) = (Vec::new(), Vec::new());
    for (caller, line) in ran {
        names.push(*caller);
        match line {
            Line::Skipped(reason) => got.push(format!("SKIPPED: {reason}")),
            Line::Panicked => got.push("PANICKED".into()),
            Line::Ran { told, deliveries: delivered, .. } => {
                let status = told.status.trim_start_matches("LUMA_ERROR_");
                got.push(format!("{} {}", told.outcome, status.trim_start_matches("LUMA_")));
                deliveries.push(delivered.to_string());
                milliseconds.push(told.took.as_millis().to_string());
                kib.extend(told.kib.map(|kib| kib.to_string()));
            }
        }
    }
    got.dedup();
    deliveries.dedup();
    format!(
        "{:>3}  {:62} {expected:26} {:26} {:>3} {:>11} {:>11}",
        case.number,
        titled(case, variant),
        got.join(" / "),
        deliveries.join("/"),
        milliseconds.join(" / "),
        kib.join(" / "),
    )
}

pub fn heading() -> String {
    format!(
        "{:>3}  {:62} {:26} {:26} {:>3} {:>11} {:>11}",
        "", "case", "expected", "got", "del", "ms Rust / C", "KiB Rust / C"
    )
}

pub fn titled(case: &Case, variant: &str) -> String {
    match variant {
        "" => case.name.into(),
        variant => format!("{}: {variant}", case.name),
    }
}

/// The status without what all have in front.
fn short_status(case: &Case) -> String {
    let name = status_name(case.kind);
    name.trim_start_matches("LUMA_ERROR_").trim_start_matches("LUMA_").to_owned()
}

/// What the README's table has to say: only what does not vary from run to run.
fn markdown(cases: &[Case]) -> String {
    let not_sent = cases.iter().filter(|case| case.outcome == Outcome::NotSent);
    let not_sent: usize = not_sent.map(|case| case.variants.len()).sum();
    let variants: usize = cases.iter().map(|case| case.variants.len()).sum();
    let most =
        cases.iter().filter(|case| !case.is_read).map(|case| case.deliveries).max().unwrap_or(0);
    let late = MAX_LATE.as_millis();
    let memory = MAX_KIB / 1024;
    let mut text = String::new();
    let _ = write!(
        text,
        "\n{variants} variants of {} cases. What libcurl 8.23 does was measured once, before this \
         catalogue, by a test of 89\ncases of these kinds: 65 of HTTP, 19 of TLS and 5 of proxies. \
         What calls cost is measured beside Debian's 7.88.1.\n\n\
         | over all of them | libcurl 8.23 | libluma |\n| --- | --- | --- |\n\
         | most deliveries of one trigger | 2 | {most} |\n\
         | faults before anything was sent that are told as such | none: it has no such result | \
           {not_sent} |\n\
         | successes that are none | 0 | 0 |\n\
         | responses credited to another request | 1 | 0 |\n\
         | read of a body without end, timeout 3 s | 6 GB | 1 MiB, then the call ends |\n\
         | later than a timeout of 3 s | 16 to 36 ms | at most {late} ms |\n\
         | servers that get the token and must not | 1 | 0 |\n\
         | memory of one call | 10 MB | at most {memory} MB |\n\n\
         | | what the other side does | outcome | `LUMA_ERROR_` | deliveries | libcurl |\n\
         | ---: | --- | --- | --- | ---: | --- |\n",
        cases.last().map_or(0, |case| case.number),
    );
    for case in cases {
        let variants: Vec<_> = case.variants.iter().map(|variant| variant.0).collect();
        let _ = writeln!(
            text,
            "| {} | {} | `{}` | {} | {} | {} |",
            case.number,
            titled(case, &variants.join(", ")),
            case.outcome,
            if case.kind.is_some() { format!("`{}`", short_status(case)) } else { String::new() },
            case.deliveries,
            case.libcurl,
        );
    }
    text.push('\n');
    text
}

/// Writes the table into the README, or says what is wrong with the one that is there.
pub fn check_readme(cases: &[Case]) -> Result<(), String> {
    let readme = std::fs::read_to_string(README).unwrap();
    let (before, rest) = readme.split_once(BEGIN).ok_or("the README has no fault catalogue")?;
    let (written, behind) =
        rest.split_once(END).ok_or("the README's fault catalogue has no end")?;
    let expected = markdown(cases);
    if std::env::var_os("LUMA_UPDATE_README").is_some() {
        let text = [before, BEGIN, &expected, END, behind].concat();
        std::fs::write(Path::new(README), text).unwrap();
        return Ok(());
    }
    if written == expected {
        return Ok(());
    }
    Err("the README's fault catalogue is not this one; rewrite it with `make catalogue`".into())
}
