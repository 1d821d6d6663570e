//! Opens the house as a process: says how to reach it, and stops on SIGTERM or SIGINT. On SIGHUP it reads
//! the log level and the certificates again.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::{App, Listeners, RunError, Surroundings};
use crate::host::cli::{Banner, Invocation};
use crate::host::config::Config;
use crate::host::log::{set_level, start as start_log};
use crate::host::systemd;
use crate::net;

/// Runs the house until a signal stops it. `config` is what the invocation meant when the process started.
pub fn serve(config: Config, invocation: Invocation) -> Result<(), RunError> {
    start_log(config.log_level);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(RunError::Runtime)?.block_on(run(config, invocation))
}

async fn run(config: Config, invocation: Invocation) -> Result<(), RunError> {
    let stop = CancellationToken::new();
    let (wishes, reloads) = mpsc::channel(1);
    let socket_names = invocation.variable("LISTEN_FDNAMES");
    stop_on_signal(&stop).map_err(RunError::Runtime)?;
    reload_on_signal(invocation, wishes).map_err(RunError::Runtime)?;
    let surroundings = Surroundings { reloads, ..Surroundings::default() };
    let listeners = listeners(&config, socket_names.as_deref())?;
    let banner = Banner::new(&config, &listeners.house, &listeners.redirect);
    let app = App::open(config, surroundings)?;
    banner.print(app.authority().as_ref());
    app.serve(listeners, stop).await
}

/// The sockets that systemd handed over, else those that the settings name.
fn listeners(config: &Config, socket_names: Option<&str>) -> Result<Listeners, RunError> {
    match systemd::inherited(socket_names)? {
        Some(listeners) => Ok(listeners),
        None => {
            Ok(Listeners { house: net::bind(&config.listen)?, redirect: net::bind(&config.redirect_listen)? })
        }
    }
}

/// SIGHUP: what can change while the house is open is read again. A wrong setting changes nothing.
fn reload_on_signal(invocation: Invocation, wishes: mpsc::Sender<oneshot::Sender<()>>) -> io::Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            match invocation.config() {
                Ok(config) => set_level(config.log_level),
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
