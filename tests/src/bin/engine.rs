//! A program that migrates, to be killed: `engine up|down URL COUNT`.

use limbeck::migrate::{MigrateError, Target};
use limbeck_tests::engine::{migrator, open};

fn main() -> Result<(), MigrateError> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [way, url, count] = arguments.as_slice() else { panic!("engine up|down URL COUNT") };
    let migrator = migrator(count.parse().unwrap_or_else(|e| panic!("{count}: {e}")));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap_or_else(|e| panic!("{e}")).block_on(async {
        let backend = open(url).await;
        match way.as_str() {
            "up" => migrator.upgrade(backend, Target::Head).await.map(drop),
            "down" => migrator.downgrade(backend, Target::Base).await.map(drop),
            other => panic!("`{other}` is neither up nor down"),
        }
    })
}
