//! What clients reach: the test's own answers first, then the platform's.

use std::sync::{Arc, Mutex, Weak};

use agentchat_engine::{Fault, FaultKind, WasSent};
use bytes::Bytes;
use http::{Request, Response};

use super::answers;
use super::world::World;
use crate::lock::lock;
use crate::testkit::transport::Host;
use crate::testkit::{Exchange, Opening};

/// An answer of the test's own, or `None` to leave it to the next.
pub(super) type Rule = Box<dyn FnMut(&Request<Bytes>) -> Option<Result<Response<Bytes>, Fault>> + Send>;

pub(super) struct Inner {
    weak: Weak<Inner>,
    rules: Mutex<Vec<(String, String, Rule)>>,
    pub(super) world: Mutex<World>,
}

impl Inner {
    pub(super) fn new() -> Arc<Self> {
        Arc::new_cyclic(|weak| Self { weak: Weak::clone(weak), rules: Mutex::default(), world: Mutex::default() })
    }

    pub(super) fn rule(&self, method: &str, path: &str, rule: Rule) {
        lock(&self.rules).push((method.to_owned(), path.to_owned(), rule));
    }

    fn ruled(&self, request: &Request<Bytes>) -> Option<Result<Response<Bytes>, Fault>> {
        let mut rules = lock(&self.rules);
        let fitting = rules
            .iter_mut()
            .rev()
            .filter(|(method, path, _)| request.method().as_str() == method && request.uri().path() == path);
        fitting.filter_map(|(_, _, rule)| rule(request)).next()
    }
}

impl Host for Inner {
    fn exchange(&self, exchange: Exchange) {
        let request = exchange.request();
        let offline = {
            let mut world = lock(&self.world);
            if !world.offline {
                world.requests.push(request.clone());
            }
            world.offline
        };
        let result = if offline {
            Err(unreachable())
        } else {
            self.ruled(request).unwrap_or_else(|| answers::answer(&mut lock(&self.world), request))
        };
        exchange.end(result);
    }

    fn open(&self, opening: Opening) {
        let world = &mut *lock(&self.world);
        if world.offline {
            return opening.refuse(unreachable());
        }
        let (inner, socket) = (Weak::clone(&self.weak), world.sockets.next());
        let peer = opening.accept_with(Box::new(move |command| {
            if let Some(inner) = inner.upgrade() {
                let world = &mut *lock(&inner.world);
                world.frames.extend(world.sockets.receive(socket, command, &mut world.store));
            }
        }));
        world.sockets.add(socket, peer);
    }
}

fn unreachable() -> Fault {
    Fault::new(FaultKind::Connect, WasSent::No, "the test platform is out of reach")
}
