//! `parlour`: opens the house, says how to reach it, and stops on SIGTERM or SIGINT. On SIGHUP it reads the
//! log level and the certificates again.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::complain;
use crate::app::{App, Listeners, RunError, Surroundings};
use crate::host::config::{Config, WrongSettings};
use crate::host::doctor::{self, OnlyHere};
use crate::host::systemd::{self, Inherited};
use crate::http::link::{Base, Reach};
use crate::http::qr;
use crate::net;
use crate::net::Scheme;
use crate::net::certificates::Authority;

/// Runs until it is told to stop. `settings` reads them again; `sockets` names those that systemd handed
/// over.
pub fn run(
    config: Config,
    settings: impl Fn() -> Result<Config, WrongSettings> + Send + 'static,
    sockets: Option<&str>,
) -> ExitCode {
    crate::host::log::start(config.log_level);
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(RunError::Runtime)
        .and_then(|runtime| runtime.block_on(serve(config, settings, sockets)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn serve(
    config: Config,
    settings: impl Fn() -> Result<Config, WrongSettings> + Send + 'static,
    sockets: Option<&str>,
) -> Result<(), RunError> {
    let stop = CancellationToken::new();
    let (wishes, reloads) = mpsc::channel(1);
    stop_on_signal(&stop).map_err(RunError::Runtime)?;
    reload_on_signal(settings, wishes).map_err(RunError::Runtime)?;
    let surroundings = Surroundings { reloads, ..Surroundings::default() };
    let listeners = listeners(&config, sockets)?;
    let base = base(&config, &listeners.house);
    let place = place(&base, &addresses(&listeners.house));
    let plain = plain(&listeners.redirect).unwrap_or_else(|| base.clone());
    let app = App::open(config, surroundings)?;
    welcome(&base, &place);
    if let Some(authority) = app.authority() {
        introduce(&plain, &authority);
    }
    app.serve(listeners, stop).await
}

/// The sockets that systemd handed over, else those that the settings name.
fn listeners(config: &Config, sockets: Option<&str>) -> Result<Listeners, RunError> {
    match systemd::inherited(sockets)? {
        Some(Inherited { house, redirect }) => Ok(Listeners { house, redirect }),
        None => {
            Ok(Listeners { house: net::bind(&config.listen)?, redirect: net::bind(&config.redirect_listen)? })
        }
    }
}

/// SIGHUP: what can change while the house is open is read again. A wrong setting changes nothing.
fn reload_on_signal(
    settings: impl Fn() -> Result<Config, WrongSettings> + Send + 'static,
    wishes: mpsc::Sender<oneshot::Sender<()>>,
) -> io::Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            match settings() {
                Ok(config) => crate::host::log::set_level(config.log_level),
                Err(wrong) => {
                    wrong.each().for_each(|error| log::error!("the settings stay as they were: {error}"));
                }
            }
            let (done, is_done) = oneshot::channel();
            // The house may be closing: then nothing is read again.
            if wishes.send(done).await.is_ok() {
                drop(is_done.await);
            }
        }
    });
    Ok(())
}

/// The first signal stops the house in good order.
fn stop_on_signal(stop: &CancellationToken) -> io::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stop = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => log::info!("stopping: SIGTERM"),
            _ = interrupt.recv() => log::info!("stopping: SIGINT"),
        }
        stop.cancel();
    });
    Ok(())
}

/// The address that a phone on the same network can reach.
fn base(config: &Config, listeners: &[TcpListener]) -> Base {
    let (listening, home) = (addresses(listeners), net::home_addresses());
    Base::of(config.public_url.as_ref(), config.scheme(), None, &listening, &home)
}

fn addresses(listeners: &[TcpListener]) -> Vec<SocketAddr> {
    listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect()
}

/// The address at which no browser warns of a house that it does not trust yet.
fn plain(redirect: &[TcpListener]) -> Option<Base> {
    let listening = addresses(redirect);
    let base = || Base::of(None, Scheme::Http, None, &listening, &net::home_addresses());
    (!listening.is_empty()).then(base)
}

/// What a person sees: the address, and its QR code where there is a terminal.
fn welcome(base: &Base, place: &str) {
    let mut out = io::stdout().lock();
    // Where nobody reads standard output, nobody needs the address.
    drop(write!(out, "{}", greeting(base, place, io::IsTerminal::is_terminal(&io::stdout()))));
    drop(out.flush());
}

/// How devices are told to trust a house that makes its certificates itself.
fn introduce(base: &Base, authority: &Authority) {
    let mut out = io::stdout().lock();
    let how = "To make a device trust this house, open this on it once and compare the fingerprint";
    drop(write!(out, "{how}:\n\n    {}trust\n    {}\n\n", base.url, authority.fingerprint()));
    drop(out.flush());
}

/// Where the page can be opened, and if it is here alone, why.
fn place(base: &Base, listening: &[SocketAddr]) -> String {
    let others = match base.reach {
        Reach::Anywhere => Some("anywhere"),
        Reach::Network => Some("on a phone or computer on the same network"),
        Reach::Device => None,
    };
    if let Some(others) = others {
        return match doctor::why_only_here(listening, None) {
            OnlyHere::Loopback(address) => format!(
                "The house answers only on this computer (listen = \"{address}\").\n\
                 If a proxy here forwards to it, open this page {others}"
            ),
            _ => format!("Open this page {others}"),
        };
    }
    let here = "Open this page on this computer";
    match doctor::why_only_here(listening, doctor::missing(listening)) {
        OnlyHere::Loopback(address) => format!("{here} (listen = \"{address}\" accepts no other device)"),
        OnlyHere::Missing(address) => {
            format!("Nobody can open this page until this machine has the address {address} (listen)")
        }
        OnlyHere::NoNetwork => format!("{here} (it has no address on a network)"),
    }
}

fn greeting(base: &Base, place: &str, with_code: bool) -> String {
    let code = if with_code { qr::terminal(&base.url).unwrap_or_default() } else { String::new() };
    format!("\n{code}\n{place}:\n\n    {}\n\n", base.url)
}
