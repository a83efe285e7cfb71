//! A way to a port of this machine that can be cut, hang or be slow.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Bytes pass, each chunk after this time.
    Whole(Duration),
    /// Connections are closed, and new ones at once.
    Cut,
    /// Connections stay and are made, but nothing passes.
    Hanging,
}

/// A way to a port: whoever connects to [`Wire::port`] reaches it, while the wire is whole.
pub struct Wire {
    port: u16,
    state: watch::Sender<State>,
    accepting: JoinHandle<()>,
}

impl Wire {
    /// A whole wire to `target` of 127.0.0.1.
    pub async fn to(target: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port of this machine can be listened at");
        let port = listener.local_addr().expect("a bound listener has an address").port();
        let (state, watched) = watch::channel(State::Whole(Duration::ZERO));
        let accepting = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, target, watched.clone()));
            }
        });
        Wire { port, state, accepting }
    }

    /// The near end.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Closes every connection, and every new one at once.
    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// Lets nothing pass: connections stay, and are made, but nobody answers. After [`Wire::heal`] what was held passes.
    pub fn hang(&self) {
        self.state.send_replace(State::Hanging);
    }

    /// Lets everything pass after a time, in both directions.
    pub fn delay(&self, time: Duration) {
        self.state.send_replace(State::Whole(time));
    }

    /// Makes the wire whole again.
    pub fn heal(&self) {
        self.delay(Duration::ZERO);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.cut();
        self.accepting.abort();
    }
}

/// Carries one connection until either end closes it or the wire is cut.
async fn carry(near: TcpStream, target: u16, mut state: watch::Receiver<State>) {
    if open(&mut state).await.is_none() {
        return;
    }
    let Ok(far) = TcpStream::connect((Ipv4Addr::LOCALHOST, target)).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let (near_out, near_in) = near.into_split();
    let (far_out, far_in) = far.into_split();
    tokio::join!(pass(near_out, far_in, state.clone()), pass(far_out, near_in, state));
}

/// Passes bytes in one direction.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut state: watch::Receiver<State>) {
    let mut cut = state.clone();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = tokio::select! {
            read = from.read(&mut buffer) => read,
            _ = cut.wait_for(|state| *state == State::Cut) => return,
        };
        let Ok(length @ 1..) = read else { return };
        let Some(delay) = open(&mut state).await else { return };
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        // It may have been cut or hung meanwhile.
        if open(&mut state).await.is_none() || to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

/// Waits until the wire is whole, and gives its delay; `None` if it is cut.
async fn open(state: &mut watch::Receiver<State>) -> Option<Duration> {
    let state = state.wait_for(|state| *state != State::Hanging).await.ok()?;
    match *state {
        State::Whole(delay) => Some(delay),
        State::Cut | State::Hanging => None,
    }
}
