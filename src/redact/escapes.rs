//! Decodes the escapes of URLs, JSON, JavaScript and HTML, wherever they are in a text.

/// The value of an escape.
#[derive(Debug, PartialEq)]
pub(crate) enum Decoded {
    Char(char),
    /// A non-ASCII byte, which is a part of a character.
    Byte(u8),
}

/// The HTML names of the visible ASCII characters, those that have one.
const ASCII_NAMES: &str = "excl! quot\" num# dollar$ percnt% amp& apos' lpar( rpar) ast* plus+ comma, \
    period. sol/ colon: semi; lt< equals= gt> quest? commat@ lsqb[ lbrack[ bsol\\ rsqb] rbrack] \
    Hat^ lowbar_ UnderBar_ grave` lcub{ lbrace{ verbar| vert| rcub} rbrace} hyphen- dash- QUOT\" \
    AMP& LT< GT>";
/// The HTML names of the characters from U+00A0 to U+00FF, in this order.
const LATIN_1_NAMES: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not \
    shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 \
    frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml \
    Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute \
    Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute \
    ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash \
    ugrave uacute ucirc uuml yacute thorn yuml";

/// The longest entity that is decoded, without its `&` and `;`.
const MAX_ENTITY_BYTES: usize = 10;

/// Returns the length and the value of the escape at the end of a text.
///
/// Called after each character with the text decoded so far, this decodes nested escapes too.
pub(crate) fn at_end(text: &[u8]) -> Option<(usize, Decoded)> {
    let (length, code) = match text {
        [.., b';'] => {
            let before = &text[..text.len() - 1];
            let tail = &before[before.len().saturating_sub(MAX_ENTITY_BYTES + 1)..];
            let start = tail.iter().rposition(|byte| *byte == b'&')?;
            let name = &tail[start + 1..];
            (name.len() + 2, entity(name)?)
        }
        [.., b'}'] => {
            let tail = &text[text.len().saturating_sub(10)..text.len() - 1];
            let start = tail.windows(3).rposition(|window| window == b"\\u{")?;
            let digits = &tail[start + 3..];
            (digits.len() + 4, hex(digits)?)
        }
        [.., b'\\', byte @ (b'"' | b'\'' | b'/' | b'\\')] => (2, u32::from(*byte)),
        [.., b'\\', byte @ (b'b' | b'f' | b'n' | b'r' | b't')] => {
            let control = match byte {
                b'b' => 8,
                b'f' => 12,
                _ => 10,
            };
            (2, control)
        }
        [.., b'%', a, b] if hex(&[*a, *b]).is_some() => {
            let code = hex(&[*a, *b])?;
            if code >= 0x80 {
                return Some((3, Decoded::Byte(code as u8)));
            }
            (3, code)
        }
        [.., b'\\', b'x', a, b] => (4, hex(&[*a, *b])?),
        [before @ .., b'\\' | b'%', b'u', a, b, c, d] => match hex(&[*a, *b, *c, *d])? {
            low @ 0xDC00..=0xDFFF => match before {
                [.., b'\\' | b'%', b'u', a, b, c, d] => match hex(&[*a, *b, *c, *d])? {
                    high @ 0xD800..=0xDBFF => {
                        (12, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
                    }
                    _ => return None,
                },
                _ => return None,
            },
            code => (6, code),
        },
        _ => return None,
    };
    Some((length, Decoded::Char(char::from_u32(code)?)))
}

fn entity(name: &[u8]) -> Option<u32> {
    match name {
        [b'#', b'x' | b'X', digits @ ..] => hex(digits),
        [b'#', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => {
            str::from_utf8(digits).ok()?.parse().ok()
        }
        name => {
            let is_name = |known: &str| known.as_bytes() == name;
            let ascii = ASCII_NAMES.split(' ').find(|known| is_name(&known[..known.len() - 1]));
            let latin_1 = || LATIN_1_NAMES.split(' ').position(is_name);
            match ascii {
                Some(known) => known.bytes().last().map(u32::from),
                None => latin_1().and_then(|at| u32::try_from(0xA0 + at).ok()),
            }
        }
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    let is_hex = !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
    let digits = str::from_utf8(digits).ok().filter(|_| is_hex)?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_is_decoded_at_the_end_of_a_text() {
        for (escape, decoded) in [
            ("%41", 'A'),
            ("%u0041", 'A'),
            (r"\u0041", 'A'),
            (r"\u00E4", 'ä'),
            (r"\u{1F600}", '\u{1F600}'),
            (r"\ud83d\ude00", '\u{1F600}'),
            (r"\x41", 'A'),
            (r"\/", '/'),
            (r"\\", '\\'),
            (r"\n", '\n'),
            ("&#65;", 'A'),
            ("&#x41;", 'A'),
            ("&#X000041;", 'A'),
            ("&amp;", '&'),
            ("&quot;", '"'),
            ("&sol;", '/'),
            ("&equals;", '='),
            ("&nbsp;", '\u{a0}'),
            ("&auml;", 'ä'),
            ("&yuml;", 'ÿ'),
        ] {
            let text = format!("x{escape}");
            let expected = (escape.len(), Decoded::Char(decoded));
            assert_eq!(at_end(text.as_bytes()), Some(expected), "{escape}");
        }
        assert_eq!(at_end(b"%C3"), Some((3, Decoded::Byte(0xC3))));
        for text in ["", "a", "%4", "4%", "%4g", r"\u004", r"\ud83d", r"\udc00", "&;", "&#;", "&x;"]
        {
            assert_eq!(at_end(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn every_name_belongs_to_a_character() {
        assert_eq!(LATIN_1_NAMES.split(' ').count(), 0x60);
        assert!(ASCII_NAMES.split(' ').all(|name| name.len() > 2 && name.is_ascii()));
    }
}
