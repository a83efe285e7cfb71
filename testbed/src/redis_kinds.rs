//! Redis as larger installations run it: a cluster, and a pair that is watched by a sentinel.

use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::held::Held;
use crate::redis::wait_until_it_answers;
use crate::{Redis, folder, free_port, programs};

/// Three nodes that share the 16,384 slots.
pub struct RedisCluster {
    nodes: Vec<Redis>,
}

impl RedisCluster {
    /// Starts one, and waits until every node knows all slots.
    pub async fn start() -> Self {
        let mut nodes = Vec::new();
        for _ in 0..3 {
            // Its second port is 10,000 higher by default, where there may be none.
            let bus = free_port().to_string();
            let arguments = ["--cluster-enabled", "yes", "--cluster-port", &bus, "--cluster-node-timeout", "2000"];
            nodes.push((Redis::start_with(&arguments).await, bus));
        }
        for ((node, _), slots) in nodes.iter().zip(["0 5460", "5461 10922", "10923 16383"]) {
            node.command(&format!("CLUSTER ADDSLOTSRANGE {slots}"));
        }
        for (other, bus) in &nodes[1..] {
            nodes[0].0.command(&format!("CLUSTER MEET 127.0.0.1 {} {bus}", other.port()));
        }
        let nodes: Vec<Redis> = nodes.into_iter().map(|(node, _)| node).collect();
        let until = Instant::now() + Duration::from_secs(30);
        // A node answers for slots of its own only once it has heard of all.
        while !nodes.iter().all(|node| ["a", "b", "c", "d"].iter().all(|key| knows_slot(node, key))) {
            assert!(Instant::now() < until, "the nodes of the Redis cluster do not find each other");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        RedisCluster { nodes }
    }

    /// `redis+cluster://host:port,…`.
    pub fn url(&self) -> String {
        let nodes: Vec<String> = self.nodes.iter().map(|node| format!("127.0.0.1:{}", node.port())).collect();
        format!("redis+cluster://{}", nodes.join(","))
    }

    /// The nodes, to kill one of them.
    pub fn nodes(&mut self) -> &mut [Redis] {
        &mut self.nodes
    }
}

/// The right node or a way to it, and not `CLUSTERDOWN`.
fn knows_slot(node: &Redis, key: &str) -> bool {
    match crate::redis::command_to(node.port(), &format!("SET {key} 1")) {
        Ok(_) => true,
        Err(error) => error.to_string().contains("MOVED"),
    }
}

/// A master, a replica, and a sentinel that makes the replica the master when the master is gone.
pub struct RedisSentinel {
    master: Redis,
    _replica: Redis,
    _sentinel: Held,
    port: u16,
    _folder: TempDir,
}

impl RedisSentinel {
    /// The name under which the sentinel knows the pair.
    pub const NAME: &str = "plummet";

    /// Starts the three, and waits until the sentinel knows the replica.
    pub async fn start() -> Self {
        let master = Redis::start_with(&["--repl-diskless-sync-delay", "0"]).await;
        let of = format!("127.0.0.1 {}", master.port());
        let replica = Redis::start_with(&["--replicaof", "127.0.0.1", &master.port().to_string()]).await;
        // A sentinel asks a master for its replicas every ten seconds: there must be one when it asks first.
        assert_eq!(master.command("SET known 1\nWAIT 1 20000"), ":1", "the replica does not follow");
        let (folder, port, name) = (folder::temporary(None), free_port(), Self::NAME);
        let file = folder.path().join("sentinel.conf");
        let settings = format!(
            "port {port}\nbind 127.0.0.1\ndir {}\nsentinel monitor {name} {of} 1\nsentinel down-after-milliseconds {name} 1000\n\
             sentinel failover-timeout {name} 5000\n",
            folder.path().display()
        );
        std::fs::write(&file, settings).expect("a folder of ours can be written to");
        let program = programs::redis();
        let mut command = programs::prefix(&program, None);
        command.extend([program.display().to_string(), file.display().to_string(), "--sentinel".into()]);
        let log = folder.path().join("log");
        let sentinel = Held::start(&command, "KILL", &log);
        wait_until_it_answers(port, || sentinel.is_running(), &log).await;
        let until = Instant::now() + Duration::from_secs(60);
        // The answer is a list of the replicas; `*0` is an empty one.
        while crate::redis::command_to(port, &format!("SENTINEL REPLICAS {name}")).ok().is_none_or(|answer| answer == "*0") {
            assert!(Instant::now() < until, "the sentinel does not find the replica:\n{}", folder::last_words(&log));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        RedisSentinel { master, _replica: replica, _sentinel: sentinel, port, _folder: folder }
    }

    /// `redis+sentinel://host:port/name`.
    pub fn url(&self) -> String {
        format!("redis+sentinel://127.0.0.1:{}/{}", self.port, Self::NAME)
    }

    /// The first master, to kill it.
    pub fn master(&mut self) -> &mut Redis {
        &mut self.master
    }
}
