//! Opens the house as a process: says how to reach it, and stops on SIGTERM or SIGINT. On SIGHUP it reads the
//! log level and the certificates again.

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::{App, Listeners, RunError, Surroundings};
use crate::host::cli::{ReadAgain, Serve, greeting};
use crate::host::config::Config;
use crate::host::systemd::{self, Inherited};
use crate::http::link::Base;
use crate::net::{self, Scheme};

/// Runs until it is told to stop.
pub fn serve(order: Serve) -> Result<(), RunError> {
    crate::host::log::start(order.config.log_level);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(RunError::Runtime)?.block_on(run(order))
}

async fn run(Serve { config, read_again, sockets }: Serve) -> Result<(), RunError> {
    let stop = CancellationToken::new();
    let (wishes, reloads) = mpsc::channel(1);
    stop_on_signal(&stop).map_err(RunError::Runtime)?;
    reload_on_signal(read_again, wishes).map_err(RunError::Runtime)?;
    let surroundings = Surroundings { reloads, ..Surroundings::default() };
    let listeners = listeners(&config, sockets.as_deref())?;
    let base = base(&config, &listeners.house);
    let place = greeting::place(&base, &addresses(&listeners.house));
    let plain = plain(&listeners.redirect).unwrap_or_else(|| base.clone());
    let app = App::open(config, surroundings)?;
    greeting::welcome(&base, &place);
    if let Some(authority) = app.authority() {
        greeting::introduce(&plain, &authority);
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
fn reload_on_signal(settings: ReadAgain, wishes: mpsc::Sender<oneshot::Sender<()>>) -> io::Result<()> {
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
