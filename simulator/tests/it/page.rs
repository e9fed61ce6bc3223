//! The web pages, as text. `make test-page` shows them in a browser.

use crate::client::{
    API, Client, Response, bearer, get, in_virtual_time, request, result, start_run,
};
use luma_simulator::{FAULTS, Simulator};
use serde_json::json;

const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>";

/// Elements without an end tag.
const VOID: &[&str] = &["circle", "input", "link", "meta", "path"];

fn launch_url(simulator: &Simulator, trigger_id: &str) -> String {
    let body = json!({ "launchContext": "WORKFLOW_EXECUTION_STATUS", "contextInfo": { "triggerId": trigger_id } });
    let path = format!("{API}/launchincontexturl/generate");
    let mut client = Client::connect(simulator);
    client.send(request("POST", &path, &bearer(&simulator.token()), &body.to_string()));
    let url = result(&client.response());
    url.as_str().unwrap().trim().strip_prefix(simulator.url()).unwrap().to_owned()
}

/// Sends a request whose only headers are these.
fn send(simulator: &Simulator, line: &str, headers: &str, body: &str) -> Response {
    let mut client = Client::connect(simulator);
    let length = body.len();
    client.send(format!("{line} HTTP/1.1\r\n{headers}Content-Length: {length}\r\n\r\n{body}"));
    client.response()
}

/// Asserts that every element is closed in order and that no attribute contains a script, and
/// returns the page.
fn html(response: Response) -> String {
    assert_eq!(response.header("content-type"), Some("text/html; charset=utf-8"));
    let page = response.body;
    let (before_style, rest) = page.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (content, rest) = rest.split_once("<script>").unwrap();
    let (_, end) = rest.split_once("</script>").unwrap();
    assert_eq!(end, "</body></html>\n");
    let mut open = Vec::new();
    for tag in before_style.split('<').chain(content.split('<')).filter(|tag| !tag.is_empty()) {
        let (tag, _) = tag.split_once('>').unwrap_or_else(|| panic!("{tag}"));
        let name = tag.split([' ', '/']).next().unwrap();
        for forbidden in [" onerror", " onclick", " style=", "javascript:"] {
            assert!(!tag.contains(forbidden), "{tag}");
        }
        match tag.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed), "{page}"),
            None if VOID.contains(&name) || name == "!DOCTYPE" => {}
            None => open.push(name),
        }
    }
    assert_eq!(open, ["html", "body"]);
    page
}

#[test]
fn a_launch_url_opens_the_page_of_its_run() {
    let simulator = in_virtual_time();
    let id = start_run(&simulator, "reset_password", json!({ "userName": "jdoe" }));
    let url = launch_url(&simulator, &id);
    simulator.advance(std::time::Duration::from_millis(1500)).unwrap();
    let response = get(&simulator, &url);
    assert_eq!(response.status, 200);
    let page = html(response);
    for part in [
        "<h1><bdi>Reset Password</bdi></h1>",
        "Step 3 of 5 is in progress: set password.",
        "<li class=\"current\" aria-current=\"step\">",
        ">userName<",
        ">jdoe<",
        "2023-11-14 22:13:20.000 UTC",
        &id,
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(page.matches("aria-current").count(), 1);

    simulator.advance(std::time::Duration::from_millis(1500)).unwrap();
    let page = html(get(&simulator, &url));
    assert!(page.contains("The run completed after 3.0 s."), "{page}");
    assert!(!page.contains("aria-current"), "{page}");
}

#[test]
fn the_page_of_a_run_may_be_in_an_iframe_of_any_site() {
    let simulator = in_virtual_time();
    let id = start_run(&simulator, "reset_password", json!({ "userName": "jdoe" }));
    let response = get(&simulator, &launch_url(&simulator, &id));
    assert_eq!(response.header("x-frame-options"), None);
    let policy = response.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("frame-ancestors"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(response.header("cache-control"), Some("no-store"));
    // The overview has a button.
    let response = get(&simulator, "/");
    let policy = response.header("content-security-policy").unwrap();
    assert!(policy.ends_with("; frame-ancestors 'self'"), "{policy}");
}

#[test]
fn an_access_key_opens_only_its_own_run() {
    let simulator = in_virtual_time();
    let id = start_run(&simulator, "reset_password", json!({ "userName": "jdoe" }));
    let other = start_run(&simulator, "reset_password", json!({ "userName": "asmith" }));
    let url = launch_url(&simulator, &id);
    let key = url.split_once("accessKey=").unwrap().1;
    assert_eq!(get(&simulator, &url).status, 200);
    for (wrong, problem) in [
        (format!("/execution/{id}"), "has no access key"),
        (format!("/execution/{id}?key={key}"), "has no access key"),
        (format!("/execution/{id}?accessKey="), "is not valid"),
        (format!("/execution/{id}?accessKey=tmp-1"), "is not valid"),
        (format!("/execution/{id}?accessKey=tmp-0000"), "is not valid"),
        (format!("/execution/{id}?accessKey=tmp-0002"), "is not valid"),
        (format!("/execution/{id}?accessKey=tmp-18446744073709551616"), "is not valid"),
        (format!("/execution/{other}?accessKey={key}"), "is not valid"),
        (format!("/execution/nope?accessKey={key}"), "is not valid"),
    ] {
        let response = get(&simulator, &wrong);
        assert_eq!(response.status, 403, "{wrong}");
        let page = html(response);
        assert!(page.contains(problem), "{wrong}: {page}");
        assert!(page.contains("luma open TRIGGER_ID"), "{wrong}: {page}");
        assert!(!page.contains("jdoe") && !page.contains("asmith"), "{wrong}: {page}");
    }
}

#[test]
fn the_text_of_a_caller_is_escaped() {
    let simulator = in_virtual_time();
    let variables = json!({ "userName": "jdoe", HOSTILE: HOSTILE, "list": [HOSTILE] });
    let body = json!({
        "workflowIdentifier": "unlock_account",
        "variables": variables,
        "initiationInfo": { HOSTILE: HOSTILE },
    });
    let mut client = Client::connect(&simulator);
    let response = client.trigger(&simulator.token(), &body);
    let id = result(&response)["executionConfig"]["triggerId"].as_str().unwrap().to_owned();
    client.trigger(&simulator.token(), &json!({ "workflowIdentifier": HOSTILE }));
    send(&simulator, &format!("GET /{}", HOSTILE.replace(' ', "")), "Host: localhost\r\n", "");
    for path in [launch_url(&simulator, &id), "/".to_owned()] {
        let page = html(get(&simulator, &path));
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
        assert!(!page.contains("<script>alert") && !page.contains("<img"), "{page}");
    }
}

#[test]
fn no_page_shows_a_token() {
    let simulator = in_virtual_time();
    let tokens = [simulator.token(), simulator.super_admin_token().to_owned()];
    let variables = json!({ "userName": "jdoe", "token": tokens[0], tokens[1].clone(): [tokens] });
    let id = start_run(&simulator, "unlock_account", variables);
    send(&simulator, &format!("GET /other?token={}", tokens[0]), "Host: localhost\r\n", "");
    for path in [launch_url(&simulator, &id), "/".to_owned()] {
        let page = html(get(&simulator, &path));
        assert!(page.contains("(access token)"), "{page}");
        assert!(!tokens.iter().any(|token| page.contains(token)), "{page}");
    }
}

#[test]
fn the_overview_lists_runs_deliveries_workflows_and_faults() {
    let simulator = in_virtual_time();
    let page = html(get(&simulator, "/"));
    assert!(page.contains("No run was started yet.") && page.contains("No request arrived yet."));
    let id = start_run(&simulator, "patch_server", json!({ "hostName": "db-7" }));
    let page = html(get(&simulator, "/"));
    for part in [simulator.url(), &id, "ACTIVATED", "Virtual time", "rotate_keys", "keyBits"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for fault in FAULTS {
        assert!(page.contains(&fault.identifier()), "{}", fault.name);
    }
    // A run leads to its page, which needs no key under a loopback name.
    let path = format!("/simulator/page/runs/{id}");
    assert!(page.contains(&format!("href=\"{path}\"")), "{page}");
    assert!(html(get(&simulator, &path)).contains("ACTIVATED"));
    let missing = get(&simulator, "/simulator/page/runs/nope");
    assert_eq!(missing.status, 404);
    html(missing);
}

#[test]
fn the_overview_shows_the_faults_that_were_asked_for() {
    let simulator = in_virtual_time();
    assert!(!html(get(&simulator, "/")).contains("Applied"));
    let line = "POST /simulator/faults?fault=status-503&endpoint=definitions&skip=1&times=2";
    assert_eq!(send(&simulator, line, "Host: localhost\r\n", "").status, 204);
    let line = "POST /simulator/faults?fault=hang&workflowIdentifier=%3Cscript%3E";
    assert_eq!(send(&simulator, line, "Host: localhost\r\n", "").status, 204);
    for expected in [200, 503] {
        let path = format!("{API}/workflowdefinition");
        let mut client = Client::connect(&simulator);
        client.send(request("GET", &path, &bearer(&simulator.token()), ""));
        assert_eq!(client.response().status, expected);
    }
    let page = html(get(&simulator, "/"));
    for part in ["Applied: 1 of 2, after skipping: 1<", "Applied: 0<", "&lt;script&gt;"] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn lists_are_paged_from_the_newest_on() {
    let simulator = in_virtual_time();
    for _ in 0..45 {
        start_run(&simulator, "unlock_account", json!({ "userName": "jdoe" }));
    }
    for (query, first, count, links) in [
        ("", 45, 20, &["/?runs=2&amp;deliveries=1#runs"][..]),
        ("?runs=0", 45, 20, &["/?runs=2&amp;deliveries=1#runs"]),
        ("?runs=x", 45, 20, &["/?runs=2&amp;deliveries=1#runs"]),
        ("?runs=2", 25, 20, &["/?runs=1&amp;deliveries=1#runs", "/?runs=3&amp;deliveries=1#runs"]),
        ("?runs=3&deliveries=2", 5, 5, &["/?runs=2&amp;deliveries=2#runs"]),
        ("?runs=4", 0, 0, &["/?runs=3&amp;deliveries=1#runs"]),
        ("?runs=18446744073709551615", 0, 0, &["/?runs=3&amp;deliveries=1#runs"]),
    ] {
        let page = html(get(&simulator, &format!("/{query}")));
        let ids: Vec<u64> = page
            .split("id=\"run-")
            .skip(1)
            .map(|row| row.split('"').next().unwrap().parse().unwrap())
            .collect();
        let expected: Vec<u64> =
            (first + 1 - count.min(first)..=first).rev().take(count as usize).collect();
        assert_eq!(ids, expected, "{query}");
        let to_runs: Vec<_> = page
            .split("href=\"")
            .skip(1)
            .map(|link| link.split('"').next().unwrap())
            .filter(|link| link.starts_with('/') && link.ends_with("#runs"))
            .collect();
        assert_eq!(to_runs, links, "{query}");
    }
}

#[test]
fn the_overview_is_only_served_under_a_loopback_name() {
    let simulator = in_virtual_time();
    let id = start_run(&simulator, "unlock_account", json!({ "userName": "jdoe" }));
    let port = simulator.url().rsplit(':').next().unwrap();
    let run = format!("/simulator/page/runs/{id}");
    for path in ["/", &run] {
        let line = format!("GET {path}");
        for host in ["127.0.0.1", "localhost", "LocalHost", "luma.localhost", "[::1]", "127.9.9.9"]
        {
            for host in [host.to_owned(), format!("{host}:{port}")] {
                let response = send(&simulator, &line, &format!("Host: {host}\r\n"), "");
                assert_eq!(response.status, 200, "{host}");
            }
        }
        for host in ["evil.example", "localhost.evil.example", "192.0.2.1", "evillocalhost", ""] {
            let response = send(&simulator, &line, &format!("Host: {host}:{port}\r\n"), "");
            assert_eq!(response.status, 403, "{host}");
            assert!(!html(response).contains("jdoe"), "{host}");
        }
    }
}

#[test]
fn a_form_advances_virtual_time() {
    let simulator = in_virtual_time();
    let line = "POST /simulator/page/advance";
    let host = "Host: localhost:8080\r\n";
    for (headers, body, status) in [
        ("", "seconds=2.5", 303),
        ("Origin: http://localhost:8080\r\n", "seconds=1", 303),
        ("Origin: http://evil.example\r\n", "seconds=1", 403),
        ("Origin: null\r\n", "seconds=1", 403),
        ("", "", 400),
        ("", "seconds=", 400),
        ("", "seconds=-1", 400),
        ("", "seconds=nan", 400),
        ("", "seconds=1e300", 400),
    ] {
        let response = send(&simulator, line, &format!("{host}{headers}"), body);
        assert_eq!(response.status, status, "{headers}{body}");
        match status {
            303 => assert_eq!(response.header("location"), Some("/")),
            _ => drop(html(response)),
        }
    }
    assert!(html(get(&simulator, "/")).contains("2023-11-14 22:13:23.500 UTC"));
    assert_eq!(get(&simulator, "/simulator/page/advance").status, 405);

    let simulator = Simulator::start().unwrap();
    assert_eq!(send(&simulator, line, host, "seconds=1").status, 409);
    let page = html(get(&simulator, "/"));
    assert!(page.contains("Real time") && !page.contains("<form"), "{page}");
}

#[test]
fn pages_are_not_journaled_and_other_requests_are() {
    let simulator = in_virtual_time();
    for line in ["GET /", "GET /execution/x", "GET /simulator/page/runs/x"] {
        send(&simulator, line, "Host: localhost\r\n", "");
    }
    assert!(simulator.journal().is_empty());
    for line in ["POST /", "PUT /execution/x", "GET /favicon.ico"] {
        assert_eq!(send(&simulator, line, "Host: localhost\r\n", "").status, 404, "{line}");
    }
    assert_eq!(simulator.journal().len(), 3);
}
