//! The testbed does what tests rely on.

#![cfg(test)]

use std::time::Duration;

use testbed::{Memory, Postgres, Redis, RedisCluster, RedisSentinel, Wire, shared_postgres, shared_redis};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn what_a_killed_postgres_had_committed_is_there_after_its_next_start() {
    let mut postgres = Postgres::start().await;
    let url = postgres.create_database().await;
    assert_eq!(url, postgres.url("test_1"));
    postgres.query("test_1", "CREATE TABLE t AS SELECT 7 AS n");
    postgres.kill().await;
    postgres.start_again().await;
    assert_eq!(postgres.query("test_1", "SELECT n FROM t"), "7");
    postgres.stop().await;
    postgres.start_again().await;
    assert_eq!(postgres.query("test_1", "SELECT count(*), max(n) FROM t"), "1|7");
}

#[tokio::test]
async fn a_redis_keeps_or_loses_its_data() {
    let mut redis = Redis::start().await;
    redis.command("SET a 1");
    redis.kill().await;
    redis.start_again(Memory::Keep).await;
    assert_eq!(redis.command("EXISTS a"), ":1");
    redis.kill().await;
    redis.start_again(Memory::Lose).await;
    assert_eq!(redis.command("EXISTS a"), ":0");
}

#[tokio::test]
async fn a_cluster_and_a_sentinel_answer() {
    let mut cluster = RedisCluster::start().await;
    assert_eq!(cluster.nodes().len(), 3);
    assert!(cluster.url().starts_with("redis+cluster://127.0.0.1:"));
    let mut sentinel = RedisSentinel::start().await;
    assert_eq!(sentinel.master().command("PING"), "+PONG");
}

#[tokio::test]
async fn each_asker_has_a_database_of_its_own_on_the_shared_servers() {
    let (one, other) = (shared_postgres().await, shared_postgres().await);
    assert_ne!(one, other);
    let (one, other) = (shared_redis().await, shared_redis().await);
    assert_ne!(one, other);
}

/// Answers every byte with the next.
async fn echo() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                while let Ok(byte) = stream.read_u8().await {
                    stream.write_u8(byte + 1).await.unwrap();
                }
            });
        }
    });
    port
}

async fn ask(stream: &mut TcpStream, byte: u8) -> std::io::Result<u8> {
    stream.write_u8(byte).await?;
    stream.read_u8().await
}

#[tokio::test]
async fn a_wire_passes_hangs_and_is_cut() {
    let wire = Wire::to(echo().await).await;
    let mut stream = TcpStream::connect(("127.0.0.1", wire.port())).await.unwrap();
    assert_eq!(ask(&mut stream, 1).await.unwrap(), 2);

    wire.hang();
    let held = tokio::time::timeout(Duration::from_millis(50), ask(&mut stream, 3)).await;
    assert!(held.is_err(), "nothing passes");
    wire.heal();
    assert_eq!(stream.read_u8().await.unwrap(), 4, "what was held passes");

    wire.delay(Duration::from_millis(20));
    let began = std::time::Instant::now();
    assert_eq!(ask(&mut stream, 5).await.unwrap(), 6);
    assert!(began.elapsed() >= Duration::from_millis(40), "there and back");

    wire.cut();
    assert!(ask(&mut stream, 7).await.is_err(), "the connection is gone");
    let mut refused = TcpStream::connect(("127.0.0.1", wire.port())).await.unwrap();
    assert!(ask(&mut refused, 8).await.is_err(), "and so is a new one");
    wire.heal();
    let mut again = TcpStream::connect(("127.0.0.1", wire.port())).await.unwrap();
    assert_eq!(ask(&mut again, 9).await.unwrap(), 10);
}
