//! A way to a platform that can be shut: connections are then refused, as by a platform that is being started again.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

pub(crate) struct Door {
    address: SocketAddr,
    to: SocketAddr,
    visits: Arc<AtomicUsize>,
    passing: Option<JoinHandle<()>>,
    /// Keeps the port while nobody listens there.
    _port: TcpSocket,
}

impl Door {
    /// One that leads there, and is open.
    pub(crate) fn to(to: SocketAddr) -> Self {
        let port = bound(([127, 0, 0, 1], 0).into());
        let address = port.local_addr().unwrap();
        let mut door = Self { address, to, visits: Arc::default(), passing: None, _port: port };
        door.open();
        door
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections there were.
    pub(crate) fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }

    pub(crate) fn open(&mut self) {
        let listener = bound(self.address).listen(64).unwrap();
        self.passing = Some(tokio::spawn(pass(listener, self.to, Arc::clone(&self.visits))));
    }

    pub(crate) fn open_if_shut(&mut self) {
        if self.passing.is_none() {
            self.open();
        }
    }

    /// Ends all connections, and refuses others.
    pub(crate) async fn shut(&mut self) {
        if let Some(passing) = self.passing.take() {
            passing.abort();
            let _ = passing.await;
        }
    }
}

/// Keeps a port for others: several may have it as long as only one listens there.
pub(crate) fn bound(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

async fn pass(listener: TcpListener, to: SocketAddr, visits: Arc<AtomicUsize>) {
    // They end with this task.
    let mut connections = JoinSet::new();
    while let Ok((mut here, _)) = listener.accept().await {
        visits.fetch_add(1, Ordering::SeqCst);
        connections.spawn(async move {
            // Where nobody listens, the connection just ends.
            if let Ok(mut there) = TcpStream::connect(to).await {
                let _ = copy_bidirectional(&mut here, &mut there).await;
            }
        });
        while connections.try_join_next().is_some() {}
    }
}
