//! `listen` as a service under load: started again whenever it ends, with nothing on descriptors 0 to 2 every other time,
//! while its key is rotated, the platform restarts, its checkpoint cannot be stored, a second instance is started by mistake,
//! and signals come at random moments. Nothing is lost, and nothing is handled twice but what was in flight at a SIGKILL.
//!
//! Two rounds in an ordinary run; `AGENTCHAT_SERVICE_SECONDS=3600` for an hour, with `--nocapture` to see the numbers.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use agentchat_local::faults::{RequestFault, Requests, Rule};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::load::{Handler, Load, next};
use crate::run::{AGENTCHAT, program};
use crate::scene::Scene;

/// The longest life before something happens.
const LONGEST_MS: u64 = 500;

/// Far more than a life takes to end, or what is left to be handled.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mishap {
    Terminated,
    HungUp,
    Killed,
    PlatformRestarts,
    KeyRotated,
    SecondInstance,
    CheckpointUnwritable,
}

const MISHAPS: [Mishap; 7] = [
    Mishap::Terminated,
    Mishap::Killed,
    Mishap::KeyRotated,
    Mishap::HungUp,
    Mishap::SecondInstance,
    Mishap::PlatformRestarts,
    Mishap::CheckpointUnwritable,
];

struct Service {
    scene: Scene,
    handler: Handler,
    load: Load,
    random: u64,
    lives: usize,
    in_flight: usize,
}

/// A life: the process, and whether its standard streams are there.
struct Life {
    child: Child,
    speaks: bool,
}

impl Service {
    async fn start() -> Self {
        let scene = Scene::new().await;
        let handler = Handler::new("service");
        fs::create_dir(handler.folder().join("state")).unwrap();
        fs::write(handler.folder().join("key"), &scene.bob).unwrap();
        let load = Load::start(&scene.platform);
        Self { scene, handler, load, random: 0x9e37_79b9_7f4a_7c15, lives: 0, in_flight: 0 }
    }

    /// As a supervisor starts it: every other time with nothing on descriptors 0 to 2. Descriptor 9 ends when nothing that
    /// it started is left.
    fn live(&mut self) -> Life {
        let speaks = self.lives.is_multiple_of(2);
        let streams = if speaks { "exec 9>&2 0</dev/null 1>/dev/null" } else { "exec 9>&2 0<&- 1>&- 2>&-" };
        let command = format!(r#"{streams}; exec "$0" listen --json --reconnect-base-ms 10 "$@""#);
        let mut life = program("sh", &self.scene.platform, None);
        life.args(["-c", &command, AGENTCHAT, "--exec", &self.handler.command()]);
        life.arg("--api-key-file").arg(self.handler.folder().join("key"));
        life.arg("--checkpoint").arg(self.handler.folder().join("state/checkpoint"));
        self.lives += 1;
        Life { child: life.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap(), speaks }
    }

    async fn some_time(&mut self) {
        sleep(Duration::from_millis(next(&mut self.random) % LONGEST_MS)).await;
    }

    async fn suffer(&mut self, mishap: Mishap) {
        let mut life = self.live();
        self.some_time().await;
        let state = self.handler.folder().join("state");
        match mishap {
            Mishap::Terminated | Mishap::HungUp | Mishap::Killed => {}
            Mishap::PlatformRestarts => {
                let busy = RequestFault::respond(503);
                self.scene.platform.faults().add(Rule::request(Requests::route("sync"), busy).times(1)).unwrap();
                self.scene.platform.close_sockets("bob", 1012, "restart");
                self.some_time().await;
            }
            Mishap::KeyRotated => {
                let file = self.handler.folder().join("key");
                let key = self.scene.bob_rotates(&fs::read_to_string(&file).unwrap()).await;
                self.some_time().await;
                fs::write(file, key).unwrap();
                self.some_time().await;
            }
            Mishap::SecondInstance => self.second_instance().await,
            Mishap::CheckpointUnwritable => {
                fs::rename(&state, self.handler.folder().join("away")).unwrap();
                self.some_time().await;
            }
        }
        let (code, said) = self.end(&mut life, mishap).await;
        if mishap == Mishap::CheckpointUnwritable {
            fs::rename(self.handler.folder().join("away"), &state).unwrap();
        }
        match mishap {
            Mishap::Killed => assert_eq!((code, said.as_str()), (None, "")),
            // A life that had nothing to store has nothing to complain of.
            Mishap::CheckpointUnwritable => {
                assert!(matches!(code, Some(0 | 2 | 5)), "{code:?}: {said}");
                assert_eq!(code == Some(0) || !life.speaks, said.is_empty(), "{code:?}: {said}");
                assert!(said.is_empty() || said.contains("state/checkpoint"), "{said}");
                assert!(said.lines().count() <= 2, "said once, and at the end: {said}");
            }
            _ => assert_eq!((code, said.as_str()), (Some(0), ""), "{mishap:?}"),
        }
    }

    /// Ends a life, and waits until nothing of it is left: its exit code, and what it said.
    async fn end(&mut self, life: &mut Life, mishap: Mishap) -> (Option<i32>, String) {
        match mishap {
            Mishap::Killed => life.child.start_kill().unwrap(),
            Mishap::HungUp => signal(&life.child, "-HUP").await,
            _ => signal(&life.child, "-TERM").await,
        }
        let mut said = String::new();
        let gone = async {
            let status = life.child.wait().await.unwrap();
            life.child.stderr.take().unwrap().read_to_string(&mut said).await.unwrap();
            while self.scene.platform.open_sockets("bob") > 0 {
                sleep(Duration::from_millis(5)).await;
            }
            status
        };
        let status = timeout(PATIENCE, gone).await.unwrap_or_else(|_| panic!("it does not end: {mishap:?}"));
        if mishap == Mishap::Killed || status.signal().is_some() {
            let sent = self.load.pause().await;
            self.in_flight += self.handler.begun().distinct() - (*sent - self.scene.platform.undelivered("bob"));
        }
        // One that a signal met before it could listen to signals has done nothing yet.
        let early = status.signal().is_some() && mishap != Mishap::Killed && said.is_empty();
        (if early { Some(0) } else { status.code() }, said)
    }

    /// Somebody starts it by hand, although it runs.
    async fn second_instance(&mut self) {
        // The first one has to have come so far.
        sleep(Duration::from_millis(300)).await;
        let mut second = program(AGENTCHAT, &self.scene.platform, None);
        second.args(["listen", "--exec", "exit 0", "--api-key-file"]).arg(self.handler.folder().join("key"));
        let second = timeout(PATIENCE, second.output()).await.expect("it ends at once").unwrap();
        let said = String::from_utf8_lossy(&second.stderr).into_owned();
        assert_eq!(second.status.code(), Some(2), "{said}");
        assert!(said.contains("another process") && said.contains("--shared"), "{said}");
    }

    /// More is sent than is handled in such a life: nothing is sent until all is handled.
    async fn catch_up(&mut self) {
        let mut life = self.live();
        let paused = self.load.pause().await;
        let all_acked = async {
            while self.scene.platform.undelivered("bob") > 0 {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, all_acked).await.expect("everything is handled in the end");
        drop(paused);
        let (code, said) = self.end(&mut life, Mishap::Terminated).await;
        assert_eq!((code, said.as_str()), (Some(0), ""));
    }

    /// Everything is handled in the end; the numbers.
    async fn finish(mut self) -> String {
        let sent = self.load.stop().await;
        self.catch_up().await;
        let (begun, ended) = (self.handler.begun(), self.handler.ended());
        let repeated = begun.count() - begun.distinct();
        let (lives, in_flight) = (self.lives, self.in_flight);
        assert_eq!(ended.distinct(), sent, "every message is handled at least once");
        assert!(repeated <= in_flight, "{repeated} handled again, {in_flight} were in flight");
        assert_eq!(begun.first_out_of_order(), None, "each conversation in order");
        self.scene.platform.shutdown().await;
        format!("{lives} lives, {sent} messages, {in_flight} in flight at the kills, {repeated} handled twice")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn as_a_service_it_loses_nothing_whatever_happens_to_it() {
    let seconds = std::env::var("AGENTCHAT_SERVICE_SECONDS").map_or(0, |text| text.parse().unwrap());
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut service = Service::start().await;
    let mut rounds = 0;
    while rounds < 2 || Instant::now() < until {
        for mishap in MISHAPS {
            service.suffer(mishap).await;
        }
        rounds += 1;
        service.catch_up().await;
    }
    println!("{}", service.finish().await);
}

async fn signal(child: &Child, signal: &str) {
    let id = child.id().expect("it runs").to_string();
    assert!(Command::new("kill").args([signal, &id]).status().await.unwrap().success());
}
