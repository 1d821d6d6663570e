//! The chats of a load: founded once, a few at a time, over the admin socket, because visitors of one
//! address may not start so many; kept as a closed data directory of which each measure gets a copy.
//!
//! Founding costs four argon2 a pair. A device that has entered opens its seat without one, so the copies
//! cost nothing.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt, TryStreamExt};
use parlour::protocol::admin::NewInvite;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Outcome;
use crate::args::Args;
use crate::house::{self, House};

/// Pairs founded at once: the house keeps at most 16 codes waiting for argon2, and a new chat has two.
const FOUNDED_AT_ONCE: usize = 6;

/// A device that is in at one seat.
#[derive(Clone)]
pub struct Seat {
    /// The device secret.
    pub device: String,
    /// The seat's id.
    pub seat: String,
}

/// Chats with both people in, and nothing said.
pub struct Chats {
    /// The two seats of each chat.
    pub pairs: Vec<[Seat; 2]>,
    /// How long founding took.
    pub took: Duration,
    directory: TempDir,
}

impl Chats {
    /// Opens a new house, founds that many chats and closes it.
    pub async fn found(args: &Args, pairs: u32) -> Outcome<Self> {
        let directory = tempfile::Builder::new().prefix("load-").tempdir_in(&args.disk)?;
        let house = House::open(args, &directory.path().join("founded"))?;
        house.await_host()?;
        let begun = Instant::now();
        let http = reqwest::Client::builder().no_proxy().build()?;
        let founding = (0..pairs).map(|_| pair(&http, &house));
        let pairs = stream::iter(founding).buffered(FOUNDED_AT_ONCE).try_collect().await?;
        let took = begun.elapsed();
        house.stop()?;
        Ok(Self { pairs, took, directory })
    }

    /// A copy of the founded data directory, under a name that no other measure uses.
    pub fn copy(&self, name: &str) -> Outcome<PathBuf> {
        let copy = self.directory.path().join(name);
        house::copied(&self.directory.path().join("founded"), &copy)?;
        Ok(copy)
    }

    /// A data directory that does not exist yet.
    pub fn nothing(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }
}

async fn pair(http: &reqwest::Client, house: &House) -> Outcome<[Seat; 2]> {
    let admin = house.admin();
    let invites = tokio::task::spawn_blocking(move || House::start(&admin)).await??;
    let [anny, abhi] = invites.as_slice() else { return Err("a chat has two invites".into()) };
    Ok([enter(http, house, anny).await?, enter(http, house, abhi).await?])
}

async fn enter(http: &reqwest::Client, house: &House, invite: &NewInvite) -> Outcome<Seat> {
    let token = invite.link.rsplit_once('#').ok_or("a link has no token")?.1;
    let body = json!({"token": token, "code": invite.code});
    let entered = post(http, house, "invites/enter", &body).await?;
    Ok(Seat { device: word(&entered["device"])?, seat: word(&entered["seat"])? })
}

async fn post(http: &reqwest::Client, house: &House, path: &str, body: &Value) -> Outcome<Value> {
    let url = format!("http://{}/api/v1/{path}", house.address());
    let answer = http.post(url).json(body).send().await?;
    let status = answer.status();
    let text = answer.text().await?;
    if !status.is_success() {
        return Err(format!("POST {path} was answered with {status}: {text}").into());
    }
    Ok(serde_json::from_str(&text)?)
}

fn word(value: &Value) -> Outcome<String> {
    Ok(value.as_str().ok_or("an answer lacks a text")?.to_owned())
}
