//! Fetches a list page by page and gives it as one.

use crate::api::list::ListQuery;
use crate::error::{Error, ErrorKind, Outcome};
use crate::limits::MAX_BYTES;
use crate::response::Response;

/// How many elements are asked for at once, unless they are too large.
const PAGE: u64 = 100;
/// What the gateway gives when it is not told how many. It may give fewer than it is asked for, but
/// hardly fewer than this, so a page that is shorter ends a list.
const SHORTEST_FULL_PAGE: u64 = 10;
const MAX_ELEMENTS: usize = 10_000;

/// Fetches what a query asks for; `page` gets one page from its path.
pub(crate) fn fetch(
    query: &ListQuery<'_>,
    path: &str,
    mut page: impl FnMut(&str) -> Result<Response, Error>,
) -> Result<Response, Error> {
    query.check()?;
    let wanted = if query.top == 0 { u64::MAX } else { query.top };
    let mut at_once = PAGE;
    let mut list: Option<Response> = None;
    let mut first_of_page = 0;
    loop {
        let have = list.as_ref().map_or(0, Response::element_count);
        let left = wanted - have as u64;
        let skip = query.skip.saturating_add(have as u64);
        let top = at_once.min(left);
        let mut next = match page(&query.path(path, skip, top)) {
            // Perhaps fewer of them are not.
            Err(error) if error.kind() == ErrorKind::ResponseTooLarge && top > 1 => {
                at_once = (top / 4).max(1);
                continue;
            }
            Err(error) if have > 0 => {
                return Err(error.in_context(&format!("behind element {have} of the list")));
            }
            next => next?,
        };
        let is_short = (next.element_count() as u64) < SHORTEST_FULL_PAGE.min(top);
        if let Some(list) = &list {
            // Before it is cut: a page that came before would not be known by a part of it.
            check_page(list, first_of_page, &next)?;
        }
        next.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        match &mut list {
            None => list = Some(next),
            Some(list) => list.append(&next),
        }
        match list {
            Some(list) if is_short || list.element_count() as u64 == wanted => return Ok(list),
            _ => first_of_page = have,
        }
    }
}

/// Whether a further page can be added to a list.
fn check_page(list: &Response, first_of_last: usize, page: &Response) -> Result<(), Error> {
    let is_empty = page.element_count() == 0;
    let (kind, message) = if !is_empty && list.elements_from(first_of_last) == page.elements_from(0)
    {
        (ErrorKind::UnexpectedResponse, "the gateway gave the same page of the list twice")
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

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;
    use crate::api::endpoint::{Endpoint, RawData};
    use crate::api::envelope::Envelope;
    use crate::api::list::ListEndpoint;
    use crate::outcome::Payload;

    fn response(elements: &[String]) -> Response {
        let text =
            format!(r#"{{"status":"Success","resultData":[ {} ],"x":1}}"#, elements.join(" , "));
        let (_, data) = Envelope::parse::<RawData<'_>>(&text).unwrap();
        let Payload::Present(ranges) = ListEndpoint::find(Some(&data), text.as_bytes(), "") else {
            panic!("{text}");
        };
        Response::of_json(200, text).with_elements(ranges)
    }

    fn elements(numbers: Range<usize>) -> Vec<String> {
        numbers.map(|number| format!(r#"{{ "id" : {number} }}"#)).collect()
    }

    /// Asks a gateway that has `total` elements and gives at most `cap` at once.
    fn fetch_from(
        query: ListQuery<'_>,
        total: usize,
        cap: usize,
    ) -> (Result<Response, Error>, Vec<String>) {
        let mut asked = Vec::new();
        let list = fetch(&query, "/x", |path| {
            asked.push(path.to_owned());
            let number = |name: &str| {
                let at = path.find(name).unwrap() + name.len();
                path[at..].split('&').next().unwrap().parse::<usize>().unwrap()
            };
            let (skip, top) = (number("skip="), number("top="));
            Ok(response(&elements(skip.min(total)..(skip + top.min(cap)).min(total))))
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
            let (list, asked) = fetch_from(ListQuery::default(), total, cap);
            let list = list.unwrap();
            assert_eq!(asked.len(), pages, "{total}: {asked:?}");
            assert_eq!(list.element_count(), total);
            assert_eq!(list.pointer("/resultData").unwrap().count(), Ok(total));
            for number in 0..total {
                let element = list.element(number).unwrap();
                assert_eq!(element.get("id").unwrap().as_i64(), Ok(number as i64));
                let id = list.pointer(&format!("/resultData/{number}/id")).unwrap();
                assert_eq!(id.as_i64(), Ok(number as i64));
            }
            assert!(list.pointer(&format!("/resultData/{total}")).is_err());
            assert_eq!(list.pointer("/x").unwrap().raw(), "1");
        }
    }

    #[test]
    fn a_window_is_no_more_than_was_asked_for() {
        let query = ListQuery { skip: 7, top: 130, filter: "status=='A&B'", order_by: "id asc" };
        let (list, asked) = fetch_from(query, 1000, 500);
        assert_eq!(list.unwrap().element_count(), 130);
        let rest = "&filter=status%3D%3D%27A%26B%27&orderBy=id%20asc";
        let expected =
            ["/x?skip=7&top=100", "/x?skip=107&top=30"].map(|path| path.to_owned() + rest);
        assert_eq!(asked, expected);
        let (list, asked) = fetch_from(ListQuery { top: 50, ..ListQuery::default() }, 1000, 20);
        assert_eq!((list.unwrap().element_count(), asked.len()), (50, 3));
        let heedless = ListQuery { top: 3, ..ListQuery::default() };
        let list = fetch(&heedless, "/x", |_| Ok(response(&elements(0..5)))).unwrap();
        assert_eq!(
            (list.element_count(), list.pointer("/resultData").unwrap().count()),
            (3, Ok(3))
        );
        assert_eq!(list.pointer("/x").unwrap().raw(), "1");
        let (list, asked) = fetch_from(ListQuery { skip: 995, ..ListQuery::default() }, 1000, 100);
        assert_eq!((list.unwrap().element_count(), asked.len()), (5, 1));
    }

    #[test]
    fn a_list_has_an_end() {
        let (list, asked) = fetch_from(ListQuery::default(), 20_000, 100);
        assert_eq!(list.unwrap_err().kind(), ErrorKind::ResponseTooLarge);
        assert_eq!(asked.len(), 101);
        let mut pages = 0;
        let broken = fetch(&ListQuery::default(), "/x", |_| {
            pages += 1;
            let error = Error::new(ErrorKind::Connect, Outcome::Unknown, "nobody there");
            if pages == 1 { Ok(response(&elements(0..100))) } else { Err(error) }
        });
        let error = broken.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect);
        assert_eq!(error.message(), "behind element 100 of the list: nobody there");
        let mut pages = 0;
        let heedless = fetch(&ListQuery::default(), "/x", |_| {
            pages += 1;
            Ok(response(&elements(0..100)))
        });
        assert_eq!(heedless.unwrap_err().kind(), ErrorKind::UnexpectedResponse);
        assert_eq!(pages, 2);
        let window = ListQuery { top: 150, ..ListQuery::default() };
        let heedless = fetch(&window, "/x", |_| Ok(response(&elements(0..100))));
        assert_eq!(heedless.unwrap_err().kind(), ErrorKind::UnexpectedResponse);
    }

    #[test]
    fn pages_that_are_too_large_are_asked_for_in_parts() {
        let mut asked = Vec::new();
        let list = fetch(&ListQuery::default(), "/x", |path| {
            let top: usize = path.rsplit('=').next().unwrap().parse().unwrap();
            asked.push(top);
            match top {
                7.. => Err(Error::new(ErrorKind::ResponseTooLarge, Outcome::Unknown, "too large")),
                _ => Ok(response(&elements(
                    asked.len() * 10..asked.len() * 10 + top.min(13 - asked.len()),
                ))),
            }
        });
        assert_eq!(asked[..3], [100, 25, 6]);
        assert_eq!(list.unwrap().element_count(), 6 * 5 + 5);
        let hopeless = fetch(&ListQuery::default(), "/x", |_| {
            Err(Error::new(ErrorKind::ResponseTooLarge, Outcome::Unknown, "too large"))
        });
        assert_eq!(hopeless.unwrap_err().kind(), ErrorKind::ResponseTooLarge);
    }
}
