//! A browser visits: pages, files, headers, names of the house, links.

use parlour::http::MayStart;
use parlour::net::PublicUrl;
use reqwest::header::{ACCEPT_ENCODING, HOST, HeaderMap, IF_NONE_MATCH};
use serde_json::{Value, json};

use crate::support::house::{House, text};

async fn get(house: &House, path: &str, fields: &[(&str, &str)]) -> reqwest::Response {
    let mut asked = house.http.get(house.url(path));
    for (name, value) in fields {
        asked = asked.header(*name, *value);
    }
    asked.send().await.unwrap()
}

fn field<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
}

/// What tells a browser how little an answer may do.
const POLICY: &str = "content-security-policy";

#[tokio::test]
async fn the_page_is_armoured_at_each_of_its_addresses() {
    let house = House::open().await;
    let page = get(&house, "/", &[]).await.text().await.unwrap();
    for path in ["/", "/j", "/c"] {
        let answer = get(&house, path, &[]).await;
        let headers = answer.headers().clone();
        let policy = field(&headers, POLICY);
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert!(policy.contains("require-trusted-types-for 'script'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(field(&headers, "referrer-policy"), "no-referrer", "{path}");
        assert!(!field(&headers, "permissions-policy").is_empty(), "{path}");
        let text = answer.text().await.unwrap();
        // The door has the field for the code in it; but for that it is the same page.
        assert_eq!(text == page, path != "/j", "{path}");
        assert_eq!(files(&text), files(&page), "{path}");
    }
}

#[tokio::test]
async fn every_answer_is_armoured_as_it_needs_and_sets_nothing_for_others() {
    let house = House::open().await;
    let page = get(&house, "/", &[]).await.text().await.unwrap();
    let mut paths = files(&page);
    let answers = ["/assets/nothing", "/healthz", "/api/v1/house", "/api/v1/nothing"];
    paths.extend(answers.iter().chain(&["/", "/sw.js", "/manifest.webmanifest"]).map(ToString::to_string));
    for path in paths {
        let answer = get(&house, &path, &[("accept", "text/html, */*")]).await;
        let headers = answer.headers();
        assert_eq!(field(headers, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(field(headers, "cross-origin-resource-policy"), "same-origin", "{path}");
        if answers.contains(&path.as_str()) {
            assert_eq!(field(headers, POLICY), "default-src 'none'; frame-ancestors 'none'", "{path}");
        }
        for name in ["set-cookie", "access-control-allow-origin"] {
            assert!(!headers.contains_key(name), "{path}: {name}");
        }
    }
}

#[tokio::test]
async fn what_only_https_knows_is_said_only_there() {
    const OPENER: &str = "cross-origin-opener-policy";
    let url = PublicUrl::parse("https://home.example/").unwrap();
    let house = House::open_with(|config| config.public_url = Some(url)).await;
    let secure = get(&house, "/", &[(HOST.as_str(), "home.example")]).await;
    assert_eq!(field(secure.headers(), OPENER), "same-origin");
    for fields in [&[][..], &[("x-forwarded-proto", "https")]] {
        assert!(!get(&house, "/", fields).await.headers().contains_key(OPENER), "{fields:?}");
    }
    let house =
        House::open_with(|config| config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).await;
    let proxied = get(&house, "/j", &[("x-forwarded-proto", "https")]).await;
    assert_eq!(field(proxied.headers(), OPENER), "same-origin");
}

#[tokio::test]
async fn worker_and_manifest_stand_beside_the_page_and_are_asked_for_again() {
    let url = PublicUrl::parse("https://home.example/parlour/").unwrap();
    let house = House::open_with(|config| config.public_url = Some(url)).await;
    for (name, media_type, policy) in [
        ("sw.js", "text/javascript; charset=utf-8", Some("default-src 'none'; connect-src 'self'")),
        ("manifest.webmanifest", "application/manifest+json", None),
    ] {
        for path in [format!("/{name}"), format!("/parlour/{name}")] {
            let answer = get(&house, &path, &[]).await;
            assert_eq!(answer.status(), 200, "{path}");
            let headers = answer.headers();
            assert_eq!(field(headers, "content-type"), media_type, "{path}");
            assert_eq!(field(headers, "cache-control"), "no-cache", "{path}");
            assert_eq!(headers.get(POLICY).map(|policy| policy.to_str().unwrap()), policy, "{path}");
        }
        assert_eq!(get(&house, &format!("/assets/{name}"), &[]).await.status(), 404, "{name}");
        assert_eq!(house.post(&format!("/{name}"), json!({})).await.status(), 405, "{name}");
    }
}

/// The addresses of the files that the page names.
fn files(page: &str) -> Vec<String> {
    let named = page.split('"').filter(|word| word.starts_with("assets/"));
    named.map(|word| format!("/{word}")).collect()
}

#[tokio::test]
async fn every_file_that_the_page_names_is_there_and_kept_for_ever() {
    let house = House::open().await;
    let page = get(&house, "/", &[]).await.text().await.unwrap();
    let files = files(&page);
    assert_eq!(files.iter().filter(|file| file.ends_with(".js")).count(), 1, "{files:?}");
    assert!(page.contains("<style>") && !page.contains("stylesheet"), "the style is in the page");
    for file in files {
        let answer = get(&house, &file, &[]).await;
        assert_eq!(answer.status(), 200, "{file}");
        assert!(field(answer.headers(), "cache-control").contains("immutable"), "{file}");
        assert!(!field(answer.headers(), "content-type").is_empty(), "{file}");
        assert!(!answer.headers().contains_key(POLICY), "{file}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_a_page_with_a_way_on_for_a_person_and_a_problem_for_a_program() {
    let url = PublicUrl::parse("https://home.example/parlour/").unwrap();
    let house = House::open_with(|config| config.public_url = Some(url)).await;
    let browser = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    for path in ["/nothing", "/a/b/c", "/parlour/x/", "//", "/index.html"] {
        let answer = get(&house, path, &[browser]).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert_eq!(field(answer.headers(), "content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(field(answer.headers(), "cache-control"), "no-store", "{path}");
        let policy = field(answer.headers(), POLICY).to_owned();
        assert!(policy.contains("base-uri 'self'") && policy.contains("script-src 'self'"), "{path}");
        let page = answer.text().await.unwrap();
        assert!(
            page.contains("<base href=\"/parlour/\" />") && page.contains("<script type=\"module\""),
            "{path}"
        );
        let problem = get(&house, path, &[]).await;
        assert_eq!(problem.status(), 404, "{path}");
        assert_eq!(problem.json::<Value>().await.unwrap()["code"], "no_such_page", "{path}");
        let posted = house.http.post(house.url(path)).header(browser.0, browser.1).json(&json!({}));
        assert_eq!(field(posted.send().await.unwrap().headers(), "content-type"), "application/problem+json");
    }
    let api = get(&house, "/api/v1/nothing", &[browser]).await;
    assert_eq!(field(api.headers(), "content-type"), "application/problem+json");
}

#[tokio::test]
async fn a_file_comes_compressed_and_only_when_it_changed() {
    let house = House::open().await;
    let plain = get(&house, "/", &[(ACCEPT_ENCODING.as_str(), "identity")]).await;
    let (tag, length) = (field(plain.headers(), "etag").to_owned(), plain.content_length().unwrap());
    for encoding in ["br", "gzip"] {
        let answer = get(&house, "/", &[(ACCEPT_ENCODING.as_str(), encoding)]).await;
        assert_eq!(field(answer.headers(), "content-encoding"), encoding);
        assert_eq!(field(answer.headers(), "vary").to_lowercase(), "accept-encoding");
        assert!(answer.bytes().await.unwrap().len() < usize::try_from(length).unwrap());
    }
    let again =
        get(&house, "/", &[(ACCEPT_ENCODING.as_str(), "identity"), (IF_NONE_MATCH.as_str(), &tag)]).await;
    assert_eq!(again.status(), 304);
    assert!(again.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_of_the_api_is_kept_by_nobody() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let (device, seat) = house.device(&anny).await;
    for path in ["house".to_owned(), "seats".to_owned(), format!("seats/{seat}/messages")] {
        let answer = house.ask(reqwest::Method::GET, &format!("/api/v1/{path}"), Some(&device), None).await;
        assert_eq!(field(answer.headers(), "cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn the_house_answers_to_its_own_names_only() {
    let house = House::open_with(|config| config.names = vec!["chat.home".to_owned()]).await;
    let port = house.address.port();
    for (name, status) in [
        ("localhost", 200),
        ("127.0.0.1", 200),
        ("192.168.1.20", 200),
        ("[::1]", 200),
        ("chat.home", 200),
        ("CHAT.home", 200),
        ("parlour.local", 200),
        ("parlour-2.local", 200),
        ("parlour-x.local", 421),
        ("evil.example", 421),
        ("chat.home.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
    ] {
        for path in ["/api/v1/house", "/healthz"] {
            let answer = get(&house, path, &[(HOST.as_str(), &format!("{name}:{port}"))]).await;
            assert_eq!(answer.status().as_u16(), status, "{name} {path}");
        }
    }
}

#[tokio::test]
async fn a_proxy_that_changes_host_gets_the_page_and_the_page_is_told_what_is_wrong() {
    let url = PublicUrl::parse("https://home.example/").unwrap();
    let house = House::open_with(|config| config.public_url = Some(url)).await;
    let mut paths = files(&get(&house, "/", &[]).await.text().await.unwrap());
    paths.extend(["/", "/j", "/c", "/sw.js", "/manifest.webmanifest"].map(str::to_owned));
    let origin = ("origin", "https://home.example");
    for (host, status, code) in [("parlour_up:80", 421, "wrong_host"), ("127.0.0.1", 403, "wrong_origin")] {
        for path in &paths {
            let answer = get(&house, path, &[("host", host), origin]).await;
            assert_eq!(answer.status(), 200, "{host} {path}");
            assert_eq!(field(answer.headers(), "cross-origin-resource-policy"), "same-origin", "{path}");
        }
        let asked =
            house.http.post(house.url("/api/v1/chats")).header("host", host).header(origin.0, origin.1);
        let asked = asked.header("accept", "application/json, application/problem+json");
        let answer = asked.json(&json!({"names": ["Anny", "Abhi"], "idle": "1d"})).send().await.unwrap();
        assert_eq!(answer.status(), status, "{host}");
        assert_eq!(field(answer.headers(), "content-type"), "application/problem+json", "{host}");
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], code, "{host}");
        let answer = get(&house, "/api/v1/house", &[("host", host), origin]).await;
        assert_eq!(answer.status(), status, "{host}");
    }
}

/// The codes of what the house tells its host.
async fn warnings(house: &House) -> Vec<String> {
    let told: Value = get(house, "/api/v1/house", &[]).await.json().await.unwrap();
    told["warnings"].as_array().into_iter().flatten().map(|warning| text(&warning["code"])).collect()
}

async fn public_house() -> House {
    let url = PublicUrl::parse("https://home.example/").unwrap();
    House::open_with(|config| config.public_url = Some(url)).await
}

#[tokio::test]
async fn the_host_is_told_that_a_proxy_does_not_pass_host_until_one_request_came_with_it() {
    const CODE: &str = "host-not-passed";
    let house = public_house().await;
    let asks = async |host: &str, origin: &str| {
        let asked = house.http.post(house.url("/api/v1/invites/greeting")).header("host", host);
        asked.header("origin", origin).json(&json!({"token": "x"})).send().await.unwrap().status().as_u16()
    };
    assert_eq!(asks("127.0.0.1:8080", "https://evil.example").await, 403);
    assert!(!warnings(&house).await.contains(&CODE.to_owned()));
    assert_eq!(asks("127.0.0.1:8080", "https://home.example").await, 403);
    assert!(warnings(&house).await.contains(&CODE.to_owned()));
    assert_eq!(asks("home.example", "https://home.example").await, 404);
    assert_eq!(asks("127.0.0.1:8080", "https://home.example").await, 403);
    assert!(!warnings(&house).await.contains(&CODE.to_owned()));
}

#[tokio::test]
async fn the_host_is_told_that_pages_come_and_no_socket_does() {
    const CODE: &str = "upgrade-not-passed";
    let house = public_house().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let (device, seat) = house.device(&anny).await;
    let key = ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    assert_eq!(get(&house, "/api/v1/socket", &[key]).await.status(), 426);
    assert!(!warnings(&house).await.contains(&CODE.to_owned()), "anybody can leave out an upgrade");
    let news = format!("/api/v1/seats/{seat}/news");
    house.ask(reqwest::Method::GET, &news, Some(&device), None).await;
    assert!(warnings(&house).await.contains(&CODE.to_owned()));
    house.come_back(&device, &seat, 0).await;
    assert!(!warnings(&house).await.contains(&CODE.to_owned()));
}

#[tokio::test]
async fn a_proxy_is_believed_to_be_one_only_if_it_always_speaks() {
    const CODE: &str = "untrusted-proxy";
    let house = public_house().await;
    let spoken = ("x-forwarded-for", "203.0.113.9");
    for host in ["192.168.1.20:8080", "localhost", "6.6.6.6"] {
        get(&house, "/", &[("host", host), spoken]).await;
        assert!(!warnings(&house).await.contains(&CODE.to_owned()), "{host}");
    }
    get(&house, "/", &[("host", "home.example"), spoken]).await;
    assert!(warnings(&house).await.contains(&CODE.to_owned()));
    get(&house, "/", &[("host", "home.example")]).await;
    get(&house, "/", &[("host", "home.example"), spoken]).await;
    assert!(!warnings(&house).await.contains(&CODE.to_owned()));
}

#[tokio::test]
async fn links_begin_with_the_public_url_and_the_house_lives_below_it() {
    let url = PublicUrl::parse("https://home.example/parlour").unwrap();
    let house = House::open_with(|config| config.public_url = Some(url)).await;
    let answer = house.post("/parlour/api/v1/chats", json!({"names": ["Anny", "Abhi"], "idle": "1d"})).await;
    let answer: Value = answer.json().await.unwrap();
    let link = text(&answer["invites"][0]["link"]);
    assert!(link.starts_with("https://home.example/parlour/j#"), "{link}");
    assert_eq!(answer["reach"], "anywhere");
    for path in ["/parlour/", "/parlour/j", "/parlour/healthz", "/j", "/healthz"] {
        assert_eq!(get(&house, path, &[]).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn a_link_is_never_made_of_what_the_visitor_says() {
    let house = House::open().await;
    let asked = house.http.post(house.url("/api/v1/chats")).header(HOST, "10.9.8.7:1234");
    let answer = asked.json(&json!({"names": ["Anny", "Abhi"], "idle": "1d"})).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    let link = text(&answer["invites"][0]["link"]);
    assert!(!link.contains("10.9.8.7") && !link.contains("localhost"), "{link}");
}

#[tokio::test]
async fn the_host_chooses_who_may_start() {
    for (may_start, status, told) in [(MayStart::Network, 403, false), (MayStart::Anyone, 201, true)] {
        let house = House::open_with(|config| config.may_start = may_start).await;
        let forwarded = ("x-forwarded-for", "203.0.113.9");
        let answer: Value = get(&house, "/api/v1/house", &[forwarded]).await.json().await.unwrap();
        assert_eq!(answer["may_start"], told);
        let asked = house.http.post(house.url("/api/v1/chats")).header(forwarded.0, forwarded.1);
        let answer = asked.json(&json!({"names": ["Anny", "Abhi"], "idle": "1d"})).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status);
    }
}

#[tokio::test]
async fn a_trusted_proxy_is_believed_about_whom_it_speaks_for() {
    let house =
        House::open_with(|config| config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).await;
    for (forwarded, status) in [("192.168.1.7", 201), ("203.0.113.9", 403), ("192.168.1.7, 203.0.113.9", 403)]
    {
        let asked = house.http.post(house.url("/api/v1/chats")).header("x-forwarded-for", forwarded);
        let answer = asked.json(&json!({"names": ["Anny", "Abhi"], "idle": "1d"})).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{forwarded}");
    }
}

#[tokio::test]
async fn behind_a_proxy_that_says_nothing_nobody_is_at_home() {
    let url = PublicUrl::parse("https://home.example/").unwrap();
    let trusted = vec!["127.0.0.0/8".parse().unwrap()];
    for (proxies, host, status) in
        [(vec![], "home.example", 403), (vec![], "localhost", 201), (trusted.clone(), "localhost", 403)]
    {
        let (url, said) = (url.clone(), format!("{proxies:?} {host}"));
        let house = House::open_with(|config| {
            config.public_url = Some(url);
            config.trusted_proxies = proxies;
        })
        .await;
        let asked = house.http.post(house.url("/api/v1/chats")).header(HOST, host);
        let answer = asked.json(&json!({"names": ["Anny", "Abhi"], "idle": "1d"})).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{said}");
        let told: Value = get(&house, "/api/v1/house", &[("host", host)]).await.json().await.unwrap();
        assert_eq!(told["may_start"], status == 201, "{said}");
    }
}

#[tokio::test]
async fn what_a_stranger_calls_the_house_is_never_advised() {
    let url = PublicUrl::parse("https://home.example/").unwrap();
    let house = House::open_with(|config| {
        config.public_url = Some(url);
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    for number in 0..20 {
        let name = format!("6.6.6.{number}:9");
        for _ in 0..3 {
            get(&house, "/", &[("host", &name), ("x-forwarded-for", "203.0.113.9")]).await;
        }
    }
    get(&house, "/", &[("host", "192.168.1.20:8080"), ("x-forwarded-for", "192.168.1.7")]).await;
    let told = get(&house, "/api/v1/house", &[("x-forwarded-for", "127.0.0.1")]).await;
    let told: Value = told.json().await.unwrap();
    let mismatch =
        told["warnings"].as_array().unwrap().iter().find(|one| one["code"] == "public-url-mismatch");
    assert!(text(&mismatch.unwrap()["mend"]).contains("\"http://192.168.1.20:8080/\""), "{told}");
}

#[tokio::test]
async fn only_the_idle_times_of_the_house_are_offered() {
    use parlour::domain::Idle;
    let house = House::open_with(|config| {
        config.idle_choices = vec![Idle::Hour, Idle::Week];
        config.idle_default = Idle::Week;
    })
    .await;
    let answer: Value = get(&house, "/api/v1/house", &[]).await.json().await.unwrap();
    assert_eq!((&answer["idles"], &answer["idle_default"]), (&json!(["1h", "1w"]), &json!("1w")));
    let refused = house.post("/api/v1/chats", json!({"names": ["Anny", "Abhi"], "idle": "1d"})).await;
    assert_eq!(refused.status(), 422);
}

#[tokio::test]
async fn the_description_of_the_api_is_served() {
    let house = House::open().await;
    let answer: Value = get(&house, "/api/v1/openapi.json", &[]).await.json().await.unwrap();
    assert!(text(&answer["openapi"]).starts_with("3.1"));
    assert!(answer["paths"].as_object().unwrap().len() > 10);
    let health: Value = get(&house, "/healthz", &[]).await.json().await.unwrap();
    assert_eq!(health, json!({"status": "ok"}));
}
