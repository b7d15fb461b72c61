//! `listen` as a service under load: started again whenever it ends, with nothing on descriptors 0 to 2 every other time,
//! while its key is rotated, the platform restarts or cannot be reached, its checkpoint cannot be stored, a second instance is
//! started by mistake, and signals come at random moments. Nothing is lost, and nothing is handled twice but what was in
//! flight at a SIGKILL.
//!
//! Two rounds in an ordinary run; `AGENTCHAT_SERVICE_SECONDS=3600` for an hour, with `--nocapture` to see the numbers.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use agentchat_local::faults::{RequestFault, Requests, Rule};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::door::Door;
use crate::load::{Handler, Load, next};
use crate::run::{AGENTCHAT, program};
use crate::scene::Scene;

/// The longest life before something happens.
const LONGEST_MS: u64 = 500;

/// How long a platform that is being started again refuses connections.
const AWAY: Duration = Duration::from_secs(2);

/// Far more than a life takes to end, or what is left to be handled.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mishap {
    Terminated,
    HungUp,
    Killed,
    PlatformRestarts,
    PlatformAway,
    TerminatedWhilePlatformIsAway,
    KeyRotated,
    SecondInstance,
    CheckpointMissing,
    CheckpointUnwritable,
    #[cfg(target_os = "linux")]
    DiskFull,
}

const MISHAPS: &[Mishap] = &[
    Mishap::Terminated,
    Mishap::Killed,
    Mishap::KeyRotated,
    Mishap::HungUp,
    Mishap::PlatformAway,
    Mishap::SecondInstance,
    Mishap::PlatformRestarts,
    Mishap::CheckpointUnwritable,
    Mishap::TerminatedWhilePlatformIsAway,
    Mishap::CheckpointMissing,
    #[cfg(target_os = "linux")]
    Mishap::DiskFull,
];

struct Service {
    scene: Scene,
    door: Door,
    handler: Handler,
    load: Load,
    random: u64,
    /// Whether the next life has standard streams.
    speaks: bool,
    lives: usize,
    early: usize,
    in_flight: usize,
}

/// A life: the process, and whether its standard streams are there.
struct Life {
    child: Child,
    speaks: bool,
    /// How many connections there were before it.
    visits: usize,
}

/// How a life ended: its exit code, or the signal that killed it; and what it printed.
#[derive(Debug, PartialEq, Eq)]
struct End {
    code: Option<i32>,
    signal: Option<i32>,
    said: String,
}

impl End {
    fn quiet(code: i32) -> Self {
        Self { code: Some(code), signal: None, said: String::new() }
    }

    fn killed(signal: i32) -> Self {
        Self { code: None, signal: Some(signal), said: String::new() }
    }
}

impl Service {
    async fn start() -> Self {
        let scene = Scene::new().await;
        let door = Door::to(scene.platform.addr());
        let handler = Handler::new("service");
        fs::create_dir(handler.folder().join("state")).unwrap();
        fs::write(handler.folder().join("key"), &scene.bob).unwrap();
        let load = Load::start(&scene.platform);
        let (lives, early, in_flight) = (0, 0, 0);
        Self { scene, door, handler, load, random: 0x9e37_79b9_7f4a_7c15, speaks: true, lives, early, in_flight }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.handler.folder().join(name)
    }

    /// Listens with bob's key, as he does it here.
    fn listening(&self, path: &str, arguments: &[&str]) -> Command {
        let mut listen = program(path, &self.scene.platform, None);
        listen.env("AGENTCHAT_BASE_URL", self.door.url()).args(arguments);
        listen.arg("--api-key-file").arg(self.path("key"));
        listen
    }

    /// As a supervisor starts it: every other time with nothing on descriptors 0 to 2. Descriptor 9 ends when nothing that
    /// it started is left.
    fn live(&mut self) -> Life {
        let streams = if self.speaks { "exec 9>&2 0</dev/null 1>/dev/null" } else { "exec 9>&2 0<&- 1>&- 2>&-" };
        let command = format!(r#"{streams}; exec "$0" listen --json --reconnect-base-ms 10 "$@""#);
        // Also where the test is to outlive a terminal.
        let arguments = ["--default-signal=HUP", "sh", "-c", &command, AGENTCHAT, "--exec", &self.handler.command()];
        let mut life = self.listening("env", &arguments);
        life.arg("--checkpoint").arg(self.path("state/checkpoint"));
        self.lives += 1;
        let child = life.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        Life { child, speaks: self.speaks, visits: self.door.visits() }
    }

    async fn some_time(&mut self) {
        sleep(Duration::from_millis(next(&mut self.random) % LONGEST_MS)).await;
    }

    async fn suffer(&mut self, mishap: Mishap) {
        if mishap == Mishap::CheckpointMissing {
            return self.no_life_without_a_place_for_its_checkpoint().await;
        }
        let mut life = self.live();
        self.some_time().await;
        match mishap {
            Mishap::Terminated | Mishap::HungUp | Mishap::Killed | Mishap::CheckpointMissing => {}
            Mishap::PlatformRestarts => {
                let busy = RequestFault::respond(503);
                self.scene.platform.faults().add(Rule::request(Requests::route("sync"), busy).times(1)).unwrap();
                self.scene.platform.close_sockets("bob", 1012, "restart");
                self.some_time().await;
            }
            Mishap::PlatformAway => {
                self.door.shut().await;
                sleep(AWAY).await;
                self.door.open();
                self.handles_more().await;
            }
            Mishap::TerminatedWhilePlatformIsAway => {
                self.door.shut().await;
                self.some_time().await;
            }
            Mishap::KeyRotated => {
                let key = self.scene.bob_rotates(&fs::read_to_string(self.path("key")).unwrap()).await;
                self.some_time().await;
                fs::write(self.path("key"), key).unwrap();
                self.some_time().await;
            }
            Mishap::SecondInstance => self.second_instance(&life).await,
            Mishap::CheckpointUnwritable => {
                self.connects(&life).await;
                fs::rename(self.path("state"), self.path("away")).unwrap();
                self.handles_more().await;
            }
            #[cfg(target_os = "linux")]
            Mishap::DiskFull => {
                self.connects(&life).await;
                fill_disk(&life.child);
                self.handles_more().await;
            }
        }
        let end = self.end(&mut life, mishap).await;
        match mishap {
            Mishap::Killed => assert_eq!(end, End::killed(9)),
            Mishap::CheckpointUnwritable => {
                fs::rename(self.path("away"), self.path("state")).unwrap();
                self.hears_of_its_checkpoint(&end, "No such file", life.speaks);
            }
            #[cfg(target_os = "linux")]
            Mishap::DiskFull => self.hears_of_its_checkpoint(&end, "File too large", life.speaks),
            _ => assert_eq!(end, End::quiet(0), "{mishap:?}"),
        }
        if mishap == Mishap::TerminatedWhilePlatformIsAway {
            self.door.open();
        }
    }

    /// Said once when it happens, and once at the end.
    fn hears_of_its_checkpoint(&self, end: &End, problem: &str, speaks: bool) {
        assert_eq!((end.code, end.signal), (Some(5), None), "{end:?}");
        if speaks {
            let path = self.path("state/checkpoint");
            let [first, last] = *end.said.lines().collect::<Vec<_>>() else { panic!("{end:?}") };
            assert!(first.contains(&format!("the checkpoint {}: {problem}", path.display())), "{first}");
            assert!(last.contains("the last checkpoint was not stored"), "{last}");
        } else {
            assert_eq!(end.said, "");
        }
    }

    async fn no_life_without_a_place_for_its_checkpoint(&mut self) {
        fs::rename(self.path("state"), self.path("away")).unwrap();
        let mut life = self.live();
        let end = self.gone(&mut life).await;
        fs::rename(self.path("away"), self.path("state")).unwrap();
        assert_eq!((end.code, end.signal), (Some(2), None), "{end:?}");
        assert_eq!(self.door.visits(), life.visits, "it has not begun");
        let path = self.path("state/checkpoint");
        let told = format!("cannot open the checkpoint {}", path.display());
        assert_eq!(end.said.contains(&told), life.speaks, "{end:?}");
        assert_eq!(end.said.lines().count(), usize::from(life.speaks), "{end:?}");
    }

    /// Waits until it has connected: all that it needs is there.
    async fn connects(&self, life: &Life) {
        let connects = async {
            while self.door.visits() == life.visits {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, connects).await.expect("it connects");
    }

    /// Waits until a message was handled from now on.
    async fn handles_more(&self) {
        let before = self.handler.ended().distinct();
        let handles = async {
            while self.handler.ended().distinct() == before {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, handles).await.expect("it goes on");
    }

    /// Ends a life, and waits until nothing of it is left. Where it has connected, it ends in order at any signal but SIGKILL.
    /// A signal may meet it before it listens to signals: then it has done nothing, and is as good as one that ended in order.
    async fn end(&mut self, life: &mut Life, mishap: Mishap) -> End {
        let (name, number) = match mishap {
            Mishap::Killed => ("-KILL", 9),
            Mishap::HungUp => ("-HUP", 1),
            _ => ("-TERM", 15),
        };
        let began = self.door.visits() > life.visits;
        let begun = self.handler.begun().count();
        signal(&life.child, name).await;
        let end = self.gone(life).await;
        if mishap == Mishap::Killed {
            let sent = self.load.pause().await;
            self.in_flight += self.handler.begun().distinct() - (*sent - self.scene.platform.undelivered("bob"));
        } else if !began && end == End::killed(number) {
            assert_eq!(self.door.visits(), life.visits, "a process that has connected listens to signals");
            assert_eq!(self.handler.begun().count(), begun);
            self.early += 1;
            return End::quiet(0);
        }
        end
    }

    async fn gone(&self, life: &mut Life) -> End {
        let mut said = String::new();
        let gone = async {
            let status = life.child.wait().await.unwrap();
            life.child.stderr.take().unwrap().read_to_string(&mut said).await.unwrap();
            while self.scene.platform.open_sockets("bob") > 0 {
                sleep(Duration::from_millis(5)).await;
            }
            status
        };
        let Ok(status) = timeout(PATIENCE, gone).await else {
            let (process, sockets) = (life.child.try_wait(), self.scene.platform.open_sockets("bob"));
            panic!("it does not end: {process:?}, {sockets} sockets, life {}", self.lives)
        };
        End { code: status.code(), signal: status.signal(), said }
    }

    /// Somebody starts it by hand, although it runs.
    async fn second_instance(&mut self, life: &Life) {
        self.connects(life).await;
        let mut second = self.listening(AGENTCHAT, &["listen", "--exec", "exit 0"]);
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
        assert_eq!(self.end(&mut life, Mishap::Terminated).await, End::quiet(0));
    }

    /// Everything is handled in the end; the numbers.
    async fn finish(mut self) -> String {
        let sent = self.load.stop().await;
        self.catch_up().await;
        let (begun, ended) = (self.handler.begun(), self.handler.ended());
        let repeated = begun.count() - begun.distinct();
        let (lives, early, in_flight) = (self.lives, self.early, self.in_flight);
        assert_eq!(ended.distinct(), sent, "every message is handled at least once");
        assert!(repeated <= in_flight, "{repeated} handled again, {in_flight} were in flight");
        assert_eq!(begun.first_out_of_order(), None, "each conversation in order");
        self.scene.platform.shutdown().await;
        format!(
            "{lives} lives, {early} of them ended before they began, {sent} messages, {in_flight} in flight at the kills, {repeated} handled twice"
        )
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn as_a_service_it_loses_nothing_whatever_happens_to_it() {
    let seconds = std::env::var("AGENTCHAT_SERVICE_SECONDS").map_or(0, |text| text.parse().unwrap());
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut service = Service::start().await;
    let mut rounds = 0;
    while rounds < 2 || Instant::now() < until {
        for (number, mishap) in MISHAPS.iter().enumerate() {
            service.speaks = (rounds + number).is_multiple_of(2);
            service.suffer(*mishap).await;
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

/// No file that it writes may grow, as if the disk were full.
#[cfg(target_os = "linux")]
fn fill_disk(child: &Child) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};

    let id = child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?));
    prlimit(Some(id.expect("it runs")), Resource::Fsize, Rlimit { current: Some(0), maximum: None }).unwrap();
}
