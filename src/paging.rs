//! Fetches a list page by page and joins the pages to one list.

use std::collections::HashSet;

use crate::api::list::{self, ListQuery};
use crate::error::{Error, ErrorKind, Outcome};
use crate::json::Json;
use crate::limits::MAX_BYTES;
use crate::memory;
use crate::panic_points;
use crate::response::Response;

/// How many elements to request in a page, unless so many are too large.
const PAGE_SIZE: usize = 100;
const MAX_ELEMENTS: usize = 10_000;
/// The memory that an element takes, apart from its text.
const ELEMENT_BYTES: usize = 128;

/// Fetches the list that a query describes. `fetch_page` fetches the page at a path.
///
/// A list ends at a page without a new element: an empty page, or the same page again from a
/// gateway that ignores `skip`. A short page does not end it, because a gateway may limit its pages
/// to any size.
///
/// # Errors
///
/// The error of the first page; after that [`ErrorKind::ListIncomplete`], with the list so far.
pub(crate) fn fetch(
    query: &ListQuery<'_>,
    path: &str,
    mut fetch_page: impl FnMut(&str) -> Result<Response, Error>,
) -> Result<Response, Error> {
    query.check()?;
    let wanted = match query.top {
        0 => usize::MAX,
        top => usize::try_from(top).unwrap_or(usize::MAX),
    };
    // Fetches the page after `received` elements, with at most `limit`. Returns how many elements
    // were requested, too.
    let mut fetch_after = |received: u64, limit: usize, page_size: &mut usize| {
        loop {
            let (skip, top) = (query.skip.saturating_add(received), limit.min(*page_size));
            match fetch_page(&query.path(path, skip, top)) {
                // Fewer elements may fit.
                Err(error) if error.kind() == ErrorKind::ResponseTooLarge && top > 1 => {
                    *page_size = (top / 4).max(1);
                }
                page => return page.map(|page| (page, top)),
            }
        }
    };
    let mut page_size = PAGE_SIZE;
    let (first, _) = fetch_after(0, wanted, &mut page_size)?;
    memory::check(memory_for(&first)).map_err(|_| out_of_memory())?;
    let mut received = first.element_count() as u64;
    let mut list = List::new(first, wanted.min(MAX_ELEMENTS));
    let mut largest_page = 0;
    while received > 0 && list.len() < wanted {
        if list.is_full {
            let message = "it has more than 10000 elements or 16 MiB; \
                           request a part of it with skip and top, or with a filter";
            let error = Error::new(ErrorKind::ResponseTooLarge, Outcome::Unknown, message);
            return Err(error.in_incomplete_list(list.response));
        }
        let ignores_skip = largest_page > 0;
        let limit = if ignores_skip { wanted } else { wanted - list.len() };
        let (page, top) = match fetch_after(received, limit, &mut page_size) {
            Ok(page) => page,
            Err(error) => return Err(error.in_incomplete_list(list.response)),
        };
        if memory::check(memory_for(&list.response) + memory_for(&page)).is_err() {
            return Err(out_of_memory().in_incomplete_list(list.response));
        }
        panic_points::pass("a page was received");
        received += page.element_count() as u64;
        let has_new = list.add(&page);
        // Without a new element, the list ends, unless the gateway ignores `skip`, but not `top`:
        // then it returns more if more is requested.
        let larger_page = 2 * list.len();
        if !has_new && (page.element_count() != top || larger_page <= largest_page) {
            break;
        }
        if !has_new {
            (page_size, largest_page) = (larger_page, larger_page);
        }
    }
    Ok(list.response)
}

/// Returns how much memory it takes at most to join these elements with others.
fn memory_for(page: &Response) -> usize {
    3 * page.text().len() + ELEMENT_BYTES * page.element_count()
}

fn out_of_memory() -> Error {
    Error::new(ErrorKind::OutOfMemory, Outcome::Unknown, memory::MESSAGE)
}

/// The elements that were received so far.
struct List {
    response: Response,
    /// The identities of all elements.
    identities: HashSet<String>,
    limit: usize,
    /// True if elements were left out because of a limit.
    is_full: bool,
}

impl List {
    /// Starts with the first page, up to `limit` elements.
    fn new(mut page: Response, limit: usize) -> Self {
        let is_full = page.element_count() > limit;
        page.truncate(limit);
        let identities = page.list_elements().map(list::identity).collect();
        List { response: page, identities, limit, is_full }
    }

    fn len(&self) -> usize {
        self.response.element_count()
    }

    /// Adds the elements of another page that the list does not have yet. Returns false if there
    /// are none.
    fn add(&mut self, page: &Response) -> bool {
        let (identities, new): (Vec<String>, Vec<Json<'_>>) = page
            .list_elements()
            .map(|element| (list::identity(element), element))
            .filter(|(identity, _)| !self.identities.contains(identity))
            .unzip();
        let mut room = MAX_BYTES.saturating_sub(self.response.text().len());
        let fits = |element: &&Json<'_>| {
            let left = room.checked_sub(element.raw().len() + 1);
            room = left.unwrap_or_default();
            left.is_some()
        };
        let count = new.iter().take(self.limit - self.len()).take_while(fits).count();
        self.response.append(&new[..count]);
        self.identities.extend(identities.into_iter().take(count));
        self.is_full = count < new.len();
        !new.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;
    use crate::api::endpoint::Endpoint;
    use crate::api::envelope::Envelope;
    use crate::api::list::{ListData, ListEndpoint};

    const ALL: ListQuery<'_> = ListQuery { filter: "", order_by: "", skip: 0, top: 0 };

    fn response(elements: &[String]) -> Response {
        let text =
            format!(r#"{{"status":"Success","resultData":[ {} ],"x":1}}"#, elements.join(" , "));
        let (_, data) = Envelope::parse::<ListData<'_>>(&text).unwrap();
        let Ok(Some(ranges)) = ListEndpoint::extract(Some(&data), text.as_bytes(), "") else {
            panic!("{text}");
        };
        Response::from_json(200, text).with_elements(ranges)
    }

    fn elements(numbers: Range<usize>) -> Vec<String> {
        numbers.map(|number| format!(r#"{{ "id" : {number} }}"#)).collect()
    }

    fn page(numbers: Range<usize>) -> Result<Response, Error> {
        Ok(response(&elements(numbers)))
    }

    fn too_large() -> Result<Response, Error> {
        Err(Error::new(ErrorKind::ResponseTooLarge, Outcome::Unknown, "too large"))
    }

    /// Fetches from a gateway that gets `skip` and `top`. Returns the requested paths, too.
    fn fetch_with(
        query: ListQuery<'_>,
        mut gateway: impl FnMut(usize, usize) -> Result<Response, Error>,
    ) -> (Result<Response, Error>, Vec<String>) {
        let mut requested = Vec::new();
        let list = fetch(&query, "/x", |path| {
            requested.push(path.to_owned());
            assert!(requested.len() < 1000, "an endless list");
            let number = |name: &str| {
                let at = path.find(name).unwrap() + name.len();
                path[at..].split('&').next().unwrap().parse::<usize>().unwrap()
            };
            gateway(number("skip="), number("top="))
        });
        (list, requested)
    }

    /// Fetches from a gateway that has `total` elements and returns pages of at most `cap`.
    fn fetch_from(
        query: ListQuery<'_>,
        total: usize,
        cap: usize,
    ) -> (Result<Response, Error>, Vec<String>) {
        fetch_with(query, |skip, top| page(skip.min(total)..(skip + top.min(cap)).min(total)))
    }

    fn ids(list: &Response) -> Vec<usize> {
        let id = |element: Json<'_>| element.get("id").unwrap().as_i64().unwrap();
        list.list_elements().map(|element| usize::try_from(id(element)).unwrap()).collect()
    }

    /// Asserts that a list is incomplete, and returns its elements.
    fn incomplete(list: Result<Response, Error>, reason: ErrorKind) -> Vec<usize> {
        let mut error = list.unwrap_err();
        assert_eq!((error.kind(), error.page_kind()), (ErrorKind::ListIncomplete, reason));
        let list = error.take_incomplete_list().unwrap();
        let start = format!("the list is incomplete after {} elements: ", list.element_count());
        assert!(error.message().starts_with(&start), "{error}");
        ids(&list)
    }

    #[test]
    fn a_whole_list_is_fetched_page_by_page() {
        for (total, cap, pages) in [
            (0, 100, 1),
            (1, 100, 2),
            (9, 100, 2),
            (10, 100, 2),
            (99, 100, 2),
            (100, 100, 2),
            (101, 100, 3),
            (250, 100, 4),
            // The gateway returns smaller pages than requested.
            (100, 20, 6),
            (101, 20, 7),
            (100, 5, 21),
            (7, 1, 8),
        ] {
            let (list, requested) = fetch_from(ALL, total, cap);
            let list = list.unwrap();
            assert_eq!(requested.len(), pages, "{total}: {requested:?}");
            assert_eq!(list.element_count(), total);
            assert_eq!(list.pointer("/resultData").unwrap().count(), Ok(total));
            assert_eq!(list.count("/resultData"), Ok(total));
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
        let (list, requested) = fetch_from(ListQuery { top: 50, ..ALL }, 1000, 20);
        assert_eq!((list.unwrap().element_count(), requested.len()), (50, 3));
        let list = fetch(&ListQuery { top: 3, ..ALL }, "/x", |_| page(0..5)).unwrap();
        assert_eq!(
            (list.element_count(), list.pointer("/resultData").unwrap().count()),
            (3, Ok(3))
        );
        assert_eq!(list.pointer("/x").unwrap().raw(), "1");
        let (list, requested) = fetch_from(ListQuery { skip: 995, ..ALL }, 1000, 100);
        assert_eq!((list.unwrap().element_count(), requested.len()), (5, 2));
    }

    #[test]
    fn a_gateway_that_ignores_paging_ends_the_list_without_duplicates() {
        for total in [1, 5, 99, 100, 101, 250, 10_000] {
            let (list, requested) = fetch_with(ALL, |_, _| page(0..total));
            assert_eq!(ids(&list.unwrap()), Vec::from_iter(0..total));
            assert_eq!(requested.len(), if total == 100 { 3 } else { 2 }, "{requested:?}");
            // `skip` is ignored, `top` is not.
            let (list, requested) = fetch_with(ALL, |_, top| page(0..total.min(top)));
            assert_eq!(ids(&list.unwrap()), Vec::from_iter(0..total));
            assert!(requested.len() < 20, "{requested:?}");
            let window = ListQuery { top: 150, ..ALL };
            let (list, _) = fetch_with(window, |_, top| page(0..total.min(top)));
            assert_eq!(ids(&list.unwrap()), Vec::from_iter(0..total.min(150)));
            // A page that starts beyond the end is the last page again.
            let (list, _) = fetch_with(ALL, |skip, top| {
                let start = skip.min(total - 1) / top * top;
                page(start..total.min(start + top))
            });
            assert_eq!(ids(&list.unwrap()), Vec::from_iter(0..total));
        }
        // Elements that cannot be distinguished do not make it endless.
        let same = |count| Ok(response(&vec!["{}".to_owned(); count]));
        let (list, _) = fetch_with(ALL, |_, top| same(top));
        assert_eq!(list.unwrap().element_count(), 100);
        let (list, _) = fetch_with(ALL, |_, top| if top > 100 { too_large() } else { same(top) });
        assert_eq!(list.unwrap().element_count(), 100);
    }

    #[test]
    fn a_list_that_changes_meanwhile_has_no_duplicates() {
        // A gateway that ignores paging, and a run that continues.
        let mut polls = 0;
        let (list, _) = fetch_with(ALL, |_, _| {
            polls += 1;
            let element = |id| format!(r#"{{"id":{id},"timeSpent":{}}}"#, 100 * polls);
            Ok(response(&(0..polls.min(4)).map(element).collect::<Vec<_>>()))
        });
        assert_eq!(ids(&list.unwrap()), [0, 1, 2, 3]);
        // Elements that are added at the start move the others to the next page.
        let mut added = 0;
        let (list, _) = fetch_with(ALL, |skip, top| {
            let all: Vec<_> = (0..250 + added).rev().flat_map(|id| elements(id..id + 1)).collect();
            added += 3;
            Ok(response(&all[skip.min(all.len())..(skip + top).min(all.len())]))
        });
        assert_eq!(ids(&list.unwrap()), Vec::from_iter((0..250).rev()));
    }

    #[test]
    fn the_limits_are_exact_and_make_a_list_incomplete() {
        let most = Vec::from_iter(0..MAX_ELEMENTS);
        let window = |top| ListQuery { top, ..ALL };
        for (query, total, cap) in [
            (ALL, 20_000, 100),
            (ALL, 10_001, 100),
            (ALL, 15_000, 20_000),
            (window(10_001), 10_001, 70),
            (window(u64::MAX), 20_000, 100),
        ] {
            let (list, requested) = fetch_from(query, total, cap);
            assert_eq!(incomplete(list, ErrorKind::ResponseTooLarge), most, "{total} {cap}");
            assert!(requested.len() <= 101.max(10_001_usize.div_ceil(cap)));
        }
        let (list, _) = fetch_with(ALL, |_, _| page(0..15_000));
        assert_eq!(incomplete(list, ErrorKind::ResponseTooLarge), most);
        let (list, _) = fetch_with(ALL, |skip, _| page(skip..skip + 7000));
        assert_eq!(incomplete(list, ErrorKind::ResponseTooLarge), most);
        let (list, _) = fetch_with(ALL, |_, top| page(0..top));
        assert_eq!(incomplete(list, ErrorKind::ResponseTooLarge), most);
        for (query, total) in [(ALL, 10_000), (window(10_000), 20_000), (window(20_000), 10_000)] {
            let (list, _) = fetch_from(query, total, 100);
            assert_eq!(ids(&list.unwrap()), most);
        }
        let (list, _) = fetch_with(window(10_000), |_, _| page(0..15_000));
        assert_eq!(ids(&list.unwrap()), most);

        let megabyte = |id| format!(r#"{{"id":{id},"x":"{}"}}"#, "x".repeat(1024 * 1024));
        let (list, _) = fetch_with(ALL, |skip, _| Ok(response(&[skip, skip + 1].map(megabyte))));
        assert_eq!(incomplete(list, ErrorKind::ResponseTooLarge), Vec::from_iter(0..15));
    }

    #[test]
    fn an_error_keeps_the_pages_before_it() {
        let broken = || Err(Error::new(ErrorKind::Connect, Outcome::Unknown, "connection refused"));
        let (list, _) = fetch_with(ALL, |skip, _| if skip == 0 { page(0..100) } else { broken() });
        let message = "the list is incomplete after 100 elements: connection refused";
        assert_eq!(list.as_ref().unwrap_err().message(), message);
        assert_eq!(incomplete(list, ErrorKind::Connect), Vec::from_iter(0..100));
        let (list, _) = fetch_with(ALL, |_, _| broken());
        assert_eq!(list.as_ref().unwrap_err().kind(), ErrorKind::Connect);
        assert!(list.unwrap_err().take_incomplete_list().is_none());
        // The caller knows that it cancelled.
        let cancelled =
            || Err(Error::new(ErrorKind::Cancelled, Outcome::Unknown, "the call was cancelled"));
        let (list, _) =
            fetch_with(
                ALL,
                |skip, _| if skip < 200 { page(skip..skip + 100) } else { cancelled() },
            );
        let mut error = list.unwrap_err();
        assert_eq!((error.kind(), error.page_kind()), (ErrorKind::Cancelled, ErrorKind::Cancelled));
        assert_eq!(error.take_incomplete_list().unwrap().element_count(), 200);
    }

    #[test]
    fn pages_that_are_too_large_are_requested_in_parts() {
        let (list, requested) = fetch_with(ALL, |skip, top| match top {
            7.. => too_large(),
            _ => page(skip.min(35)..(skip + top).min(35)),
        });
        assert_eq!(ids(&list.unwrap()), Vec::from_iter(0..35));
        assert_eq!(requested[..3], [100, 25, 6].map(|top| format!("/x?skip=0&top={top}")));
        assert_eq!(requested.len(), 3 + 6);
        let (list, _) = fetch_with(ALL, |_, _| too_large());
        assert_eq!(list.unwrap_err().kind(), ErrorKind::ResponseTooLarge);
        let (list, _) =
            fetch_with(
                ALL,
                |skip, top| if skip < 9 { page(skip..skip + top.min(3)) } else { too_large() },
            );
        assert_eq!(incomplete(list, ErrorKind::ResponseTooLarge), Vec::from_iter(0..9));
    }
}
