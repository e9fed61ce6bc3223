//! Lists: what is asked for, page by page, and the objects that come back.

use std::ops::Range;

use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Outcome};
use crate::outcome::Payload;
use crate::reply::{self, Reply};

use super::endpoint::{Endpoint, RawData, Words};
use super::id;

/// How many elements are asked for at once when all are wanted, unless they are too large.
const PAGE: u64 = 100;
/// What the gateway gives when it is not told how many. It may give fewer than it is asked for, but
/// hardly fewer than this, so a page that is shorter ends a list.
const SHORTEST_FULL_PAGE: u64 = 10;
const MAX_ELEMENTS: usize = 10_000;
const MAX_BYTES: usize = 16 * 1024 * 1024;
const MAX_TEXT_BYTES: usize = 1024;

/// Which elements of a list are wanted, and in what order. The default is all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ListQuery<'a> {
    /// A condition as the vendor writes it, such as `status==FAILED` or `name=='*password*'`;
    /// empty for none. It is sent percent-encoded.
    pub filter: &'a str,
    /// An order as the vendor writes it, such as `startTime asc`; empty for the gateway's own.
    pub order_by: &'a str,
    /// How many elements are left out at the start.
    pub skip: u64,
    /// How many elements are wanted at most; 0 for all, which are fetched page by page: up to
    /// 10,000 elements and 16 MiB.
    pub top: u64,
}

impl ListQuery<'_> {
    pub(crate) fn check(&self) -> Result<(), Error> {
        check_text("filter", ErrorKind::Filter, self.filter)?;
        check_text("order_by", ErrorKind::OrderBy, self.order_by)
    }

    /// The path with the query for one page.
    fn path(&self, path: &str, skip: u64, top: u64) -> String {
        let mut path = format!("{path}?skip={skip}&top={top}");
        for (name, text) in [("filter", self.filter), ("orderBy", self.order_by)] {
            if !text.is_empty() {
                path += &format!("&{name}={}", id::encoded(text));
            }
        }
        path
    }

    /// Fetches a list, in one page or in as many as it takes.
    pub(crate) fn fetch(
        &self,
        path: &str,
        mut page: impl FnMut(&str) -> Result<Reply, Error>,
    ) -> Result<Reply, Error> {
        self.check()?;
        if self.top > 0 {
            let mut list = page(&self.path(path, self.skip, self.top))?;
            list.truncate(usize::try_from(self.top).unwrap_or(usize::MAX));
            return Ok(list);
        }
        let mut top = PAGE;
        let mut list: Option<Reply> = None;
        let mut first_of_page = 0;
        loop {
            let have = list.as_ref().map_or(0, Reply::element_count);
            let skip = self.skip.saturating_add(have as u64);
            let next = match page(&self.path(path, skip, top)) {
                // Perhaps fewer of them are not.
                Err(error) if error.kind() == ErrorKind::ResponseTooLarge && top > 1 => {
                    top = (top / 4).max(1);
                    continue;
                }
                Err(error) if have > 0 => return Err(error.behind(have)),
                next => next?,
            };
            let is_last = (next.element_count() as u64) < SHORTEST_FULL_PAGE.min(top);
            match &mut list {
                None => list = Some(next),
                Some(list) => {
                    check_page(list, first_of_page, &next)?;
                    list.append(&next);
                }
            }
            match list {
                Some(list) if is_last => return Ok(list),
                _ => first_of_page = have,
            }
        }
    }
}

/// Whether a further page can be added to a list.
fn check_page(list: &Reply, first_of_last: usize, page: &Reply) -> Result<(), Error> {
    let is_empty = page.element_count() == 0;
    let (kind, message) = if !is_empty && list.elements_from(first_of_last) == page.elements_from(0)
    {
        (ErrorKind::UnexpectedReply, "the gateway gave the same page of the list twice")
    } else if list.element_count() + page.element_count() > MAX_ELEMENTS
        || list.text().len() + page.text().len() > MAX_BYTES
    {
        let message = "the list has more than 10000 elements or 16 MiB; \
                       ask for a part of it, with skip and top or a filter";
        (ErrorKind::ResponseTooLarge, message)
    } else {
        return Ok(());
    };
    Err(Error::new(kind, Outcome::Unknown, message))
}

fn check_text(name: &str, kind: ErrorKind, text: &str) -> Result<(), Error> {
    let wrong = if text.len() > MAX_TEXT_BYTES {
        "is longer than 1024 bytes"
    } else if text.chars().any(char::is_control) {
        "holds a control character"
    } else {
        return Ok(());
    };
    Err(Error::local(kind, format!("{name} {wrong}")))
}

/// Every endpoint that gives a list, as far as its reply is concerned.
pub(crate) struct ListEndpoint;

impl Endpoint for ListEndpoint {
    type Data<'a> = RawData<'a>;
    /// Where the elements stand in the body.
    type Found = Vec<Range<usize>>;
    const WORDS: Words = Words::of_a_read("a list");

    fn find(data: Option<&RawData<'_>>, body: &[u8], _: &str) -> Payload<Self::Found> {
        let elements = data.copied().flatten().map(|data| serde_json::from_str(data.get()));
        let elements: Vec<&RawValue> = match elements {
            Some(Ok(elements)) => elements,
            _ => return Payload::Absent,
        };
        if elements.iter().any(|element| !element.get().starts_with('{')) {
            return Payload::Absent;
        }
        let ranges = elements.iter().map(|element| reply::range_in(body, element.get()));
        Payload::Present(ranges.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::envelope::Envelope;

    fn reply(elements: &[String]) -> Reply {
        let text =
            format!(r#"{{"status":"Success","resultData":[ {} ],"x":1}}"#, elements.join(" , "));
        let envelope = Envelope::<RawData<'_>>::parse(&text).unwrap();
        let Payload::Present(ranges) =
            ListEndpoint::find(Some(&envelope.result_data), text.as_bytes(), "")
        else {
            panic!("{text}");
        };
        Reply::of_json(200, text).with_elements(ranges)
    }

    fn elements(numbers: Range<usize>) -> Vec<String> {
        numbers.map(|number| format!(r#"{{ "id" : {number} }}"#)).collect()
    }

    /// Asks a gateway that has `total` elements and gives at most `cap` at once.
    fn fetch(
        query: ListQuery<'_>,
        total: usize,
        cap: usize,
    ) -> (Result<Reply, Error>, Vec<String>) {
        let mut asked = Vec::new();
        let list = query.fetch("/x", |path| {
            asked.push(path.to_owned());
            let number = |name: &str| {
                let at = path.find(name).unwrap() + name.len();
                path[at..].split('&').next().unwrap().parse::<usize>().unwrap()
            };
            let (skip, top) = (number("skip="), number("top="));
            Ok(reply(&elements(skip.min(total)..(skip + top.min(cap)).min(total))))
        });
        (list, asked)
    }

    #[test]
    fn all_of_a_list_is_fetched_page_by_page() {
        for (total, cap, pages) in [
            (0, 100, 1),
            (9, 100, 1),
            (10, 100, 2),
            (99, 100, 2),
            (100, 100, 2),
            (101, 100, 2),
            (250, 100, 4),
            // A gateway that gives fewer than it is asked for.
            (100, 20, 6),
            (101, 20, 6),
        ] {
            let (list, asked) = fetch(ListQuery::default(), total, cap);
            let list = list.unwrap();
            assert_eq!(asked.len(), pages, "{total}: {asked:?}");
            assert_eq!(list.element_count(), total);
            assert_eq!(list.pointer("/resultData").unwrap().count(), Ok(total));
            for number in 0..total {
                let element = list.element(number).unwrap();
                assert_eq!(element.child("id").unwrap().as_i64(), Ok(number as i64));
                let id = list.pointer(&format!("/resultData/{number}/id")).unwrap();
                assert_eq!(id.as_i64(), Ok(number as i64));
            }
            assert!(list.pointer(&format!("/resultData/{total}")).is_err());
            assert_eq!(list.pointer("/x").unwrap().raw(), "1");
        }
    }

    #[test]
    fn a_window_is_one_request() {
        let query = ListQuery { skip: 7, top: 500, filter: "status=='A&B'", order_by: "id asc" };
        let (list, asked) = fetch(query, 1000, 500);
        assert_eq!(list.unwrap().element_count(), 500);
        assert_eq!(asked, ["/x?skip=7&top=500&filter=status%3D%3D%27A%26B%27&orderBy=id%20asc"]);
        let heedless = ListQuery { top: 3, ..ListQuery::default() };
        let list = heedless.fetch("/x", |_| Ok(reply(&elements(0..5)))).unwrap();
        assert_eq!(
            (list.element_count(), list.pointer("/resultData").unwrap().count()),
            (3, Ok(3))
        );
        assert_eq!(list.pointer("/x").unwrap().raw(), "1");
        let (list, asked) = fetch(ListQuery { skip: 995, ..ListQuery::default() }, 1000, 100);
        assert_eq!((list.unwrap().element_count(), asked.len()), (5, 1));
    }

    #[test]
    fn a_list_has_an_end() {
        let (list, asked) = fetch(ListQuery::default(), 20_000, 100);
        assert_eq!(list.unwrap_err().kind(), ErrorKind::ResponseTooLarge);
        assert_eq!(asked.len(), 101);
        let mut pages = 0;
        let broken = ListQuery::default().fetch("/x", |_| {
            pages += 1;
            let error = Error::new(ErrorKind::Connect, Outcome::NotSent, "nobody there");
            if pages == 1 { Ok(reply(&elements(0..100))) } else { Err(error) }
        });
        let error = broken.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connect, Outcome::Unknown));
        let mut pages = 0;
        let heedless = ListQuery::default().fetch("/x", |_| {
            pages += 1;
            Ok(reply(&elements(0..100)))
        });
        assert_eq!(heedless.unwrap_err().kind(), ErrorKind::UnexpectedReply);
        assert_eq!(pages, 2);
    }

    #[test]
    fn pages_that_are_too_large_are_asked_for_in_parts() {
        let mut asked = Vec::new();
        let list = ListQuery::default().fetch("/x", |path| {
            let top: usize = path.rsplit('=').next().unwrap().parse().unwrap();
            asked.push(top);
            match top {
                7.. => Err(Error::new(ErrorKind::ResponseTooLarge, Outcome::Unknown, "too large")),
                _ => Ok(reply(&elements(
                    asked.len() * 10..asked.len() * 10 + top.min(13 - asked.len()),
                ))),
            }
        });
        assert_eq!(asked[..3], [100, 25, 6]);
        assert_eq!(list.unwrap().element_count(), 6 * 5 + 5);
        let hopeless = ListQuery::default().fetch("/x", |_| {
            Err(Error::new(ErrorKind::ResponseTooLarge, Outcome::Unknown, "too large"))
        });
        assert_eq!(hopeless.unwrap_err().kind(), ErrorKind::ResponseTooLarge);
    }

    #[test]
    fn texts_that_are_refused() {
        for text in ["a\nb", &"a".repeat(1025)] {
            let filter = ListQuery { filter: text, ..ListQuery::default() };
            assert_eq!(filter.check().unwrap_err().kind(), ErrorKind::Filter);
            let order = ListQuery { order_by: text, ..ListQuery::default() };
            assert_eq!(order.check().unwrap_err().kind(), ErrorKind::OrderBy);
        }
    }

    #[test]
    fn lists_that_are_none() {
        for data in ["null", "{}", "\"x\"", "7", "[1]", "[{},null]", "[[]]"] {
            let text = format!(r#"{{"status":"Success","resultData":{data}}}"#);
            let envelope = Envelope::<RawData<'_>>::parse(&text).unwrap();
            let found = ListEndpoint::find(Some(&envelope.result_data), text.as_bytes(), "");
            assert_eq!(found, Payload::Absent, "{data}");
        }
    }
}
