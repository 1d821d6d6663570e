//! The table of everything that can be asked, and by which handler it is answered.
//!
//! A new route is a line here and its handler. The `Allow` of a 405, what the log calls a route, and the
//! `OpenAPI` document come from the same lines. [`router`](super::router) looks requests up in it.

use super::handlers::{chats, devices, house, invites, messages, pages, people, seats, transcript, trust};
use super::query;
use super::request::Proof;
use super::router::{Content, Route, Schema};
use super::socket;
use crate::protocol::rest;

/// Every route. What is at one address is together, in the order in which `Allow` names its methods.
pub fn all() -> Vec<Route> {
    let mut all = pages();
    all.extend(for_everybody());
    all.extend(of_a_seat());
    all.push(Route::get("/metrics", "", house::figures).for_collectors());
    all
}

fn pages() -> Vec<Route> {
    vec![
        Route::page("/", pages::start),
        Route::page("/c", pages::start),
        Route::page("/j", pages::join),
        Route::page("/sw.js", pages::worker),
        Route::page("/manifest.webmanifest", pages::manifest),
        Route::page("/assets/{path...}", pages::asset).before_trust(),
        Route::get_sync("/trust", "", trust::page).before_trust(),
        Route::get_sync("/parlour-house.crt", "", trust::certificate).before_trust(),
    ]
}

fn for_everybody() -> Vec<Route> {
    vec![
        Route::get("/healthz", "Whether a read through the real store works.", house::health)
            .answers::<rest::Health>(),
        Route::get_sync("/api/v1/openapi.json", "This description.", house::description)
            .answered("200", Content::AnyJson),
        Route::get_sync("/api/v1/house", "What the start page needs to know.", house::show)
            .answers::<rest::HouseAnswer>(),
        Route::post("/api/v1/chats", "Starts a chat. Links and codes are told this once.", chats::start)
            .creates::<rest::Started>(),
        Route::post("/api/v1/invites/greeting", "Whose link it is.", invites::greeting)
            .answers::<rest::Greeting>(),
        Route::post("/api/v1/invites/status", "Who has come in.", invites::status)
            .answers::<rest::StatusAnswer>(),
        Route::post("/api/v1/invites/qr", "The link as a QR code.", invites::qr)
            .answered("200", Content::Picture),
        Route::post("/api/v1/invites/enter", "Comes in by link and code.", invites::enter)
            .proof(Proof::Optional)
            .answers::<rest::EnterAnswer<'static>>(),
        Route::socket("/api/v1/socket", socket::open),
    ]
}

fn of_a_seat() -> Vec<Route> {
    let routes = vec![
        Route::get("/api/v1/seats", "This device's chats.", seats::list).answers::<rest::SeatsAnswer>(),
        Route::get("/api/v1/seats/{seat}", "How one chat is now.", seats::show)
            .query(query::WITHHOLDS)
            .answers::<rest::SeatAnswer<'static>>(),
        Route::delete("/api/v1/seats/{seat}", "This device leaves the seat.", seats::leave)
            .answered("204", Content::Nothing),
        Route::get("/api/v1/seats/{seat}/news", "How one chat is now, and what was said since.", seats::news)
            .query(query::NEWS)
            .answers::<rest::NewsAnswer<'static>>(),
        Route::post(
            "/api/v1/seats/{seat}/receipts",
            "Says how far this participant has read.",
            messages::receipts,
        )
        .answers::<rest::ReceiptsAnswer>(),
        Route::post("/api/v1/seats/{seat}/keep", "Starts the idle time again.", seats::keep)
            .answers::<rest::KeptAnswer>(),
        Route::put(
            "/api/v1/seats/{seat}/timer",
            "What is said from now on vanishes after so long, or not any more.",
            seats::set_timer,
        )
        .answered("204", Content::Nothing),
        Route::put("/api/v1/seats/{seat}/idle", "Sets how long the chat may be unused.", seats::set_idle)
            .answers::<rest::KeptAnswer>(),
        Route::post("/api/v1/seats/{seat}/end", "Destroys the chat for everybody.", seats::end)
            .answers::<rest::Ended>(),
        Route::get("/api/v1/seats/{seat}/transcript", "Everything that was said.", transcript::transcript)
            .answered("200", Content::JsonOrText(Schema::of::<rest::Transcript>())),
        Route::get("/api/v1/seats/{seat}/devices", "The devices of one's own seat.", devices::list)
            .answers::<rest::DevicesAnswer>(),
        Route::delete("/api/v1/seats/{seat}/devices/{device}", "Signs one of them out.", devices::sign_out)
            .answered("204", Content::Nothing),
        Route::post(
            "/api/v1/seats/{seat}/invites",
            "Replaces a participant's link and code. The new ones are told this once.",
            devices::replace_invite,
        )
        .creates::<rest::InviteAnswer>(),
    ];
    routes
        .into_iter()
        .chain(of_messages())
        .chain(of_groups())
        .map(|route| route.proof(Proof::Required))
        .collect()
}

fn of_groups() -> Vec<Route> {
    const PERSON: &str = "/api/v1/seats/{seat}/people/{participant}";
    vec![
        Route::post(
            "/api/v1/seats/{seat}/people",
            "Lets somebody into the group. Link and code are told this once.",
            people::add,
        )
        .creates::<rest::AddedAnswer>(),
        Route::delete(PERSON, "Takes somebody out of the group.", people::remove)
            .answers::<rest::Ended>()
            .answered("204", Content::Nothing),
        Route::put(
            "/api/v1/seats/{seat}/people/{participant}/role",
            "Gives somebody another role.",
            people::set_role,
        )
        .answered("204", Content::Nothing),
        Route::put("/api/v1/seats/{seat}/name", "Corrects one's own name.", people::rename)
            .answered("204", Content::Nothing),
        Route::patch("/api/v1/seats/{seat}/group", "What the group is called and about.", people::describe)
            .answered("204", Content::Nothing),
        Route::put("/api/v1/seats/{seat}/writers", "Sets who may write in the group.", people::set_writers)
            .answered("204", Content::Nothing),
        Route::put(
            "/api/v1/seats/{seat}/roster",
            "Hides the people of the group from each other, or shows them.",
            people::set_roster,
        )
        .answered("204", Content::Nothing),
        Route::post("/api/v1/seats/{seat}/leave", "Goes out of the group, on all devices.", people::leave)
            .answers::<rest::Ended>()
            .answered("204", Content::Nothing),
    ]
}

fn of_messages() -> Vec<Route> {
    vec![
        Route::get("/api/v1/seats/{seat}/messages", "A page of messages, the oldest first.", messages::page)
            .query(query::SPAN)
            .answers::<rest::MessagesAnswer<'static>>(),
        Route::post("/api/v1/seats/{seat}/messages", "Says something.", messages::say)
            .answers::<rest::SaidAnswer>()
            .creates::<rest::SaidAnswer>(),
        Route::patch("/api/v1/seats/{seat}/messages/{seq}", "Edits one's own message.", messages::edit)
            .answers::<rest::ChangedAnswer>(),
        Route::delete(
            "/api/v1/seats/{seat}/messages/{seq}",
            "Deletes one's own message for everybody, or any message for this participant.",
            messages::delete,
        )
        .query(query::DELETION)
        .answers::<rest::ChangedAnswer>(),
        Route::put(
            "/api/v1/seats/{seat}/messages/{seq}/reaction",
            "Reacts to a message, in the place of an earlier reaction.",
            messages::react,
        )
        .answers::<rest::ChangedAnswer>(),
        Route::delete(
            "/api/v1/seats/{seat}/messages/{seq}/reaction",
            "Takes this participant's reaction away.",
            messages::take_reaction_away,
        )
        .answers::<rest::ChangedAnswer>(),
    ]
}

#[cfg(test)]
mod tests {
    use warp::http::Method;

    use super::*;
    use crate::http::guard::Aim;
    use crate::http::router::{Audience, Found, Router};

    #[test]
    fn only_the_page_and_what_it_loads_are_for_everybody_by_any_name() {
        let router = Router::new(all(), Audience::People);
        for (path, aim) in [
            ("/", Aim::Page),
            ("/j", Aim::Page),
            ("/parlour/", Aim::Page),
            ("/assets/app/parlour.1.js", Aim::Page),
            ("/sw.js", Aim::Page),
            ("/nothing", Aim::Page),
            ("/api/v1/house", Aim::House),
            ("/parlour/api/v1/house", Aim::House),
            ("/assets/../api/v1/house", Aim::House),
            ("//api/v1/house", Aim::House),
            ("/healthz", Aim::House),
            ("/trust", Aim::House),
            ("/parlour-house.crt", Aim::House),
        ] {
            assert_eq!(router.aim(&Method::GET, path), aim, "{path}");
            assert_eq!(router.aim(&Method::HEAD, path), aim, "{path}");
            for method in [Method::POST, Method::DELETE, Method::OPTIONS, Method::CONNECT] {
                assert_eq!(router.aim(&method, path), Aim::House, "{method} {path}");
            }
        }
    }

    #[test]
    fn an_address_answers_other_methods_with_those_that_it_has() {
        let router = Router::new(all(), Audience::People);
        for (path, expected) in [
            ("/", "GET, HEAD"),
            ("/assets/a.js", "GET, HEAD"),
            ("/healthz", "GET, HEAD"),
            ("/api/v1/chats", "POST"),
            ("/api/v1/socket", "GET"),
            ("/api/v1/seats", "GET, HEAD"),
            ("/api/v1/seats/A", "GET, HEAD, DELETE"),
            ("/api/v1/seats/A/messages", "GET, HEAD, POST"),
            ("/api/v1/seats/A/devices/B", "DELETE"),
        ] {
            let Found::WrongMethod(allowed) = router.find(&Method::PUT, path) else { panic!("{path}") };
            assert_eq!(allowed, expected, "{path}");
        }
        for path in ["/api/v1", "/api/v1/seats/A/nothing", "/api/v1/seats/A/devices/B/C", "/nothing"] {
            assert!(matches!(router.find(&Method::GET, path), Found::Nothing), "{path}");
        }
        assert!(matches!(router.find(&Method::HEAD, "/api/v1/socket"), Found::WrongMethod(_)));
    }

    #[test]
    fn the_figures_are_for_collectors_and_nothing_else_is() {
        let (people, collectors) =
            (Router::new(all(), Audience::People), Router::new(all(), Audience::Collectors));
        let is_found = |router: &Router, path| matches!(router.find(&Method::HEAD, path), Found::Route(..));
        for (path, of_people, of_collectors) in [
            ("/metrics", false, true),
            ("/metrics/", false, false),
            ("/", true, false),
            ("/healthz", true, false),
        ] {
            assert_eq!(is_found(&people, path), of_people, "{path}");
            assert_eq!(is_found(&collectors, path), of_collectors, "{path}");
        }
        let Found::WrongMethod(allowed) = collectors.find(&Method::POST, "/metrics") else { panic!() };
        assert_eq!(allowed, "GET, HEAD");
    }
}
