//! How a connection is made: to a server, to the master of the moment, to a cluster.

use std::time::Duration;

use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, Pipeline, RedisConnectionInfo,
    RedisFuture, RedisResult, TlsMode, Value,
};
use secrecy::ExposeSecret;
use tokio::sync::Mutex;

use super::address::{RedisAddress, RedisKind};

/// Longest time to connect to one server, its greeting included.
const CONNECT: Duration = Duration::from_secs(1);
/// Longest time for one answer. Nothing that Plummet asks takes Redis more than milliseconds.
const ANSWER: Duration = Duration::from_secs(2);

/// Makes connections to one address.
#[expect(clippy::large_enum_variant, reason = "there is one a process")]
pub(super) enum Connector {
    Single(Client),
    /// Asks the sentinels at each connection: the master may be another one than last time.
    Sentinel(Box<Mutex<SentinelClient>>),
    Cluster(ClusterClient),
}

/// A connection that many may use at once.
#[derive(Clone)]
pub(super) enum Connection {
    Node(MultiplexedConnection),
    /// Finds the nodes again by itself.
    Cluster(ClusterConnection),
}

impl Connector {
    pub(super) fn new(address: &RedisAddress) -> RedisResult<Self> {
        if address.tls {
            // Another part of the program may have set one already: ours are all the same.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        match &address.kind {
            RedisKind::Single => {
                let node = address.nodes.first().cloned().unwrap_or_default();
                Ok(Connector::Single(Client::open(connection_info(address, node)?)?))
            }
            RedisKind::Sentinel(name) => Ok(Connector::Sentinel(Box::new(Mutex::new(sentinel_client(address, name)?)))),
            RedisKind::Cluster => {
                let nodes: Vec<_> =
                    address.nodes.iter().map(|node| connection_info(address, node.clone())).collect::<RedisResult<_>>()?;
                let cluster = ClusterClient::builder(nodes).connection_timeout(CONNECT).response_timeout(ANSWER).retries(3);
                Ok(Connector::Cluster(cluster.build()?))
            }
        }
    }

    pub(super) async fn connect(&self) -> RedisResult<Connection> {
        let config = || AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT)).set_response_timeout(Some(ANSWER));
        match self {
            Connector::Single(client) => {
                client.get_multiplexed_async_connection_with_config(&config()).await.map(Connection::Node)
            }
            Connector::Sentinel(sentinels) => {
                let master = sentinels.lock().await.async_get_client().await?;
                master.get_multiplexed_async_connection_with_config(&config()).await.map(Connection::Node)
            }
            Connector::Cluster(cluster) => cluster.get_async_connection().await.map(Connection::Cluster),
        }
    }
}

fn connection_address(address: &RedisAddress, (host, port): (String, u16)) -> ConnectionAddr {
    if address.tls {
        ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None }
    } else {
        ConnectionAddr::Tcp(host, port)
    }
}

fn connection_info(address: &RedisAddress, node: (String, u16)) -> RedisResult<ConnectionInfo> {
    let mut settings = RedisConnectionInfo::default().set_db(address.database);
    if let Some(user) = &address.user {
        settings = settings.set_username(user);
    }
    if let Some(password) = &address.password {
        settings = settings.set_password(password.expose_secret());
    }
    Ok(connection_address(address, node).into_connection_info()?.set_redis_settings(settings))
}

/// User and password are those of the servers; sentinels are mostly run without, and get them too.
fn sentinel_client(address: &RedisAddress, name: &str) -> RedisResult<SentinelClient> {
    let nodes: Vec<_> = address.nodes.iter().map(|node| connection_address(address, node.clone())).collect();
    let mut builder =
        SentinelClientBuilder::new(nodes, name, SentinelServerType::Master)?.set_client_to_redis_db(address.database);
    if address.tls {
        builder = builder.set_client_to_redis_tls_mode(TlsMode::Secure).set_client_to_sentinel_tls_mode(TlsMode::Secure);
    }
    if let Some(user) = &address.user {
        builder = builder.set_client_to_redis_username(user).set_client_to_sentinel_username(user);
    }
    if let Some(password) = &address.password {
        let password = password.expose_secret();
        builder = builder.set_client_to_redis_password(password).set_client_to_sentinel_password(password);
    }
    builder.build()
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Connection::Node(node) => node.req_packed_command(cmd),
            Connection::Cluster(cluster) => cluster.req_packed_command(cmd),
        }
    }

    fn req_packed_commands<'a>(&'a mut self, pipeline: &'a Pipeline, offset: usize, count: usize) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Connection::Node(node) => node.req_packed_commands(pipeline, offset, count),
            Connection::Cluster(cluster) => cluster.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Connection::Node(node) => node.get_db(),
            Connection::Cluster(cluster) => cluster.get_db(),
        }
    }
}
