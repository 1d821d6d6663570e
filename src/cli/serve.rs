//! `parlour`: opens the house, says how to reach it, and stops on SIGTERM or SIGINT.

use std::io::{self, Write};
use std::process::ExitCode;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::complain;
use crate::config::Config;
use crate::listen;
use crate::web::link::{Base, Reach};
use crate::web::qr;
use crate::{RunError, Surroundings};

/// Runs until it is told to stop.
pub fn run(config: Config) -> ExitCode {
    crate::log::start(config.log_level);
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(RunError::Runtime)
        .and_then(|runtime| runtime.block_on(serve(config)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn serve(config: Config) -> Result<(), RunError> {
    let stop = CancellationToken::new();
    stop_on_signal(&stop).map_err(RunError::Runtime)?;
    let listeners = listen::bind(&config.listen)?;
    let base = base(&config, &listeners);
    let ready = move || welcome(&base);
    crate::run(config, listeners, Surroundings::default(), stop, ready).await
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
    let listening: Vec<_> = listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect();
    Base::of(config.public_url.as_ref(), None, &listening, &listen::home_addresses())
}

/// What a person sees: the address, and its QR code where there is a terminal.
fn welcome(base: &Base) {
    let mut out = io::stdout().lock();
    // Where nobody reads standard output, nobody needs the address.
    drop(write!(out, "{}", greeting(base, io::IsTerminal::is_terminal(&io::stdout()))));
    drop(out.flush());
}

fn greeting(base: &Base, with_code: bool) -> String {
    let place = match base.reach {
        Reach::Anywhere => "Open this page anywhere",
        Reach::Network => "Open this page on a phone or computer in the same network",
        Reach::Device => "Open this page on this computer (no address of a network was found)",
    };
    let code = if with_code { qr::terminal(&base.url).unwrap_or_default() } else { String::new() };
    format!("\n{code}\n{place}:\n\n    {}\n\n", base.url)
}
