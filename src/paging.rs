//! Fetches a list page by page and joins the pages to one list.

use crate::api::list::ListQuery;
use crate::error::{Error, ErrorKind, Outcome};
use crate::limits::MAX_BYTES;
use crate::response::Response;

/// The page size to request, unless that many elements are too large.
const PAGE_SIZE: u64 = 100;
/// The gateway's default page size. The gateway may limit pages to fewer elements than requested,
/// but hardly to fewer than its default, so a shorter page is the last one.
const MIN_FULL_PAGE: u64 = 10;
const MAX_ELEMENTS: usize = 10_000;

/// Fetches the list that a query describes. `fetch_page` fetches the page at a path.
pub(crate) fn fetch(
    query: &ListQuery<'_>,
    path: &str,
    mut fetch_page: impl FnMut(&str) -> Result<Response, Error>,
) -> Result<Response, Error> {
    query.check()?;
    let wanted = if query.top == 0 { u64::MAX } else { query.top };
    let mut page_size = PAGE_SIZE;
    let mut list: Option<Response> = None;
    let mut last_page_start = 0;
    loop {
        let have = list.as_ref().map_or(0, Response::element_count);
        let left = wanted - have as u64;
        let skip = query.skip.saturating_add(have as u64);
        let top = page_size.min(left);
        let mut next = match fetch_page(&query.path(path, skip, top)) {
            // Fewer elements may fit.
            Err(error) if error.kind() == ErrorKind::ResponseTooLarge && top > 1 => {
                page_size = (top / 4).max(1);
                continue;
            }
            Err(error) if have > 0 => {
                return Err(error.in_context(&format!("after element {have} of the list")));
            }
            next => next?,
        };
        let is_short = (next.element_count() as u64) < MIN_FULL_PAGE.min(top);
        if let Some(list) = &list {
            // Before the page is truncated: a truncated page would not be recognized as a
            // repetition.
            check_page(list, last_page_start, &next)?;
        }
        next.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        match &mut list {
            None => list = Some(next),
            Some(list) => list.append(&next),
        }
        match list {
            Some(list) if is_short || list.element_count() as u64 == wanted => return Ok(list),
            _ => last_page_start = have,
        }
    }
}

/// Checks that another page can be added to a list, whose last page starts at `last_page_start`.
fn check_page(list: &Response, last_page_start: usize, page: &Response) -> Result<(), Error> {
    let is_repeated =
        page.element_count() > 0 && list.elements_from(last_page_start) == page.elements_from(0);
    if is_repeated {
        let message = "the gateway returned the same page of the list twice";
        return Err(Error::new(ErrorKind::UnexpectedResponse, Outcome::Unknown, message));
    }
    let is_too_large = list.element_count() + page.element_count() > MAX_ELEMENTS
        || list.text().len() + page.text().len() > MAX_BYTES;
    if is_too_large {
        let message = "the list has more than 10000 elements or 16 MiB; \
                       request a part of it with skip and top, or with a filter";
        return Err(Error::new(ErrorKind::ResponseTooLarge, Outcome::Unknown, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;
    use crate::api::endpoint::{Endpoint, RawData};
    use crate::api::envelope::Envelope;
    use crate::api::list::ListEndpoint;

    fn response(elements: &[String]) -> Response {
        let text =
            format!(r#"{{"status":"Success","resultData":[ {} ],"x":1}}"#, elements.join(" , "));
        let (_, data) = Envelope::parse::<RawData<'_>>(&text).unwrap();
        let Ok(Some(ranges)) = ListEndpoint::extract(Some(&data), text.as_bytes(), "") else {
            panic!("{text}");
        };
        Response::from_json(200, text).with_elements(ranges)
    }

    fn elements(numbers: Range<usize>) -> Vec<String> {
        numbers.map(|number| format!(r#"{{ "id" : {number} }}"#)).collect()
    }

    /// Fetches from a gateway that has `total` elements and returns pages of at most `cap`.
    fn fetch_from(
        query: ListQuery<'_>,
        total: usize,
        cap: usize,
    ) -> (Result<Response, Error>, Vec<String>) {
        let mut requested = Vec::new();
        let list = fetch(&query, "/x", |path| {
            requested.push(path.to_owned());
            let number = |name: &str| {
                let at = path.find(name).unwrap() + name.len();
                path[at..].split('&').next().unwrap().parse::<usize>().unwrap()
            };
            let (skip, top) = (number("skip="), number("top="));
            Ok(response(&elements(skip.min(total)..(skip + top.min(cap)).min(total))))
        });
        (list, requested)
    }

    #[test]
    fn a_whole_list_is_fetched_page_by_page() {
        for (total, cap, pages) in [
            (0, 100, 1),
            (9, 100, 1),
            (10, 100, 2),
            (99, 100, 2),
            (100, 100, 2),
            (101, 100, 2),
            (250, 100, 4),
            // The gateway returns smaller pages than requested.
            (100, 20, 6),
            (101, 20, 6),
        ] {
            let (list, requested) = fetch_from(ListQuery::default(), total, cap);
            let list = list.unwrap();
            assert_eq!(requested.len(), pages, "{total}: {requested:?}");
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
    fn skip_and_top_limit_the_list() {
        let query = ListQuery { skip: 7, top: 130, filter: "status=='A&B'", order_by: "id asc" };
        let (list, requested) = fetch_from(query, 1000, 500);
        assert_eq!(list.unwrap().element_count(), 130);
        let rest = "&filter=status%3D%3D%27A%26B%27&orderBy=id%20asc";
        let expected =
            ["/x?skip=7&top=100", "/x?skip=107&top=30"].map(|path| path.to_owned() + rest);
        assert_eq!(requested, expected);
        let (list, requested) = fetch_from(ListQuery { top: 50, ..ListQuery::default() }, 1000, 20);
        assert_eq!((list.unwrap().element_count(), requested.len()), (50, 3));
        let small = ListQuery { top: 3, ..ListQuery::default() };
        let list = fetch(&small, "/x", |_| Ok(response(&elements(0..5)))).unwrap();
        assert_eq!(
            (list.element_count(), list.pointer("/resultData").unwrap().count()),
            (3, Ok(3))
        );
        assert_eq!(list.pointer("/x").unwrap().raw(), "1");
        let (list, requested) =
            fetch_from(ListQuery { skip: 995, ..ListQuery::default() }, 1000, 100);
        assert_eq!((list.unwrap().element_count(), requested.len()), (5, 1));
    }

    #[test]
    fn endless_broken_and_repeated_pages_end_the_list() {
        let (list, requested) = fetch_from(ListQuery::default(), 20_000, 100);
        assert_eq!(list.unwrap_err().kind(), ErrorKind::ResponseTooLarge);
        assert_eq!(requested.len(), 101);
        let mut pages = 0;
        let broken = fetch(&ListQuery::default(), "/x", |_| {
            pages += 1;
            let error = Error::new(ErrorKind::Connect, Outcome::Unknown, "connection refused");
            if pages == 1 { Ok(response(&elements(0..100))) } else { Err(error) }
        });
        let error = broken.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect);
        assert_eq!(error.message(), "after element 100 of the list: connection refused");
        let mut pages = 0;
        let repeated = fetch(&ListQuery::default(), "/x", |_| {
            pages += 1;
            Ok(response(&elements(0..100)))
        });
        assert_eq!(repeated.unwrap_err().kind(), ErrorKind::UnexpectedResponse);
        assert_eq!(pages, 2);
        let window = ListQuery { top: 150, ..ListQuery::default() };
        let repeated = fetch(&window, "/x", |_| Ok(response(&elements(0..100))));
        assert_eq!(repeated.unwrap_err().kind(), ErrorKind::UnexpectedResponse);
    }

    #[test]
    fn pages_that_are_too_large_are_requested_in_parts() {
        let mut requested = Vec::new();
        let list = fetch(&ListQuery::default(), "/x", |path| {
            let top: usize = path.rsplit('=').next().unwrap().parse().unwrap();
            requested.push(top);
            match top {
                7.. => Err(Error::new(ErrorKind::ResponseTooLarge, Outcome::Unknown, "too large")),
                _ => Ok(response(&elements(
                    requested.len() * 10..requested.len() * 10 + top.min(13 - requested.len()),
                ))),
            }
        });
        assert_eq!(requested[..3], [100, 25, 6]);
        assert_eq!(list.unwrap().element_count(), 6 * 5 + 5);
        let oversized = fetch(&ListQuery::default(), "/x", |_| {
            Err(Error::new(ErrorKind::ResponseTooLarge, Outcome::Unknown, "too large"))
        });
        assert_eq!(oversized.unwrap_err().kind(), ErrorKind::ResponseTooLarge);
    }
}
