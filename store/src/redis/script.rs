//! Lua scripts that Redis keeps.

use redis::aio::ConnectionLike;
use redis::{ErrorKind, FromRedisValue, RedisResult, Script, ServerErrorKind, ToRedisArgs, cmd};

/// A script, sent once and then called by its hash.
#[derive(Debug)]
pub struct LuaScript {
    code: &'static str,
    hash: String,
}

impl LuaScript {
    /// A script of this text.
    pub fn new(code: &'static str) -> Self {
        LuaScript { code, hash: Script::new(code).get_hash().to_owned() }
    }

    /// Runs it. Where the server does not know it (a restart, a failover), it is sent with the call: `SCRIPT LOAD` would go to
    /// every node of a cluster, and fail while one of them is away.
    pub async fn run<T: FromRedisValue>(
        &self,
        link: &mut impl ConnectionLike,
        keys: &[String],
        arguments: &[impl ToRedisArgs],
    ) -> RedisResult<T> {
        let ask = |name: &str, script: &str| {
            let mut ask = cmd(name);
            ask.arg(script).arg(keys.len()).arg(keys).arg(arguments);
            ask
        };
        match ask("EVALSHA", &self.hash).query_async(link).await {
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                ask("EVAL", self.code).query_async(link).await
            }
            answer => answer,
        }
    }
}
