//! A device and a server that hold the same many records. Making them takes a while, so they
//! are kept between runs; removing the folder makes them anew.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use app_core::http::HttpClient;

use crate::phone::Phone;
use crate::site::{self, Running};
use crate::{Bench, web};

/// Records submitted between two exchanges.
const BATCH: usize = 1_000;

/// The folders of a device and a server in step.
pub(crate) struct Held {
    /// Of the device.
    pub(crate) phone: PathBuf,
    /// The data directory of the server.
    pub(crate) data: PathBuf,
}

impl Held {
    /// The kept ones, or new ones.
    pub(crate) async fn get(bench: &Bench) -> Result<Self> {
        let name = format!("held-{}-{}", bench.held, bench.records.mark());
        let folder = bench.folder.join(name);
        let held = Self {
            phone: folder.join("phone"),
            data: folder.join("server"),
        };
        let complete = folder.join("complete");
        // A database of another version is of no use.
        if complete.exists() && Phone::open(&held.phone).is_ok() && site::open(&held.data).is_ok() {
            return Ok(held);
        }
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        held.fill(bench).await?;
        fs::write(complete, "")?;
        Ok(held)
    }

    async fn fill(&self, bench: &Bench) -> Result<()> {
        fs::create_dir_all(&self.data)?;
        let code = site::make(&self.data)?;
        let server = Running::start(&self.data, true)?;
        let phone = Phone::enrol(&self.phone, &server, code).await?;
        let client = HttpClient::new(&server.url(), server.pin)?;
        let web = web::client(&self.data)?;
        for number in 0..bench.held {
            phone.submit(bench.records.fields(number))?;
            if (number + 1) % BATCH == 0 || number + 1 == bench.held {
                eprintln!("making records: {} of {}", number + 1, bench.held);
                phone.sync(&client).await?;
            }
        }
        web::judged(&web, &server).await?;
        // The verdicts.
        phone.sync(&client).await
    }
}
