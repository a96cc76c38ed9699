//! Photos by tus 1.0: an upload is named by the photo's hash, so that any later run of the
//! app can ask where it stands.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Response, StatusCode, header};
use shared::hash::BlobHash;
use shared::ids::RecordId;
use shared::wire::{Credential, ErrorCode, UploadState, WireError};

use super::{HttpClient, refusal, with};
use crate::sync::PIECE_MIN;

const VERSION: &str = "1.0.0";

impl HttpClient {
    pub(super) async fn begin(
        &self,
        credential: &Credential,
        record: RecordId,
        blob: BlobHash,
        bytes: u64,
    ) -> Result<UploadState, WireError> {
        match self.stands_at(credential, blob).await {
            Err(WireError::Refused {
                code: ErrorCode::NotFound,
                ..
            }) => {}
            other => return other,
        }
        let metadata = format!(
            "sha256 {},record {}",
            STANDARD.encode(blob.to_string()),
            STANDARD.encode(record.to_string())
        );
        let request = with(credential, self.post("/blobs"))
            .header("tus-resumable", VERSION)
            .header("upload-length", bytes)
            .header("upload-metadata", metadata);
        self.send(request, 0).await?;
        Ok(UploadState::At(0))
    }

    /// Where an upload stands on the server.
    async fn stands_at(
        &self,
        credential: &Credential,
        blob: BlobHash,
    ) -> Result<UploadState, WireError> {
        let request = self
            .client()
            .head(self.blob_url(blob))
            .header("tus-resumable", VERSION);
        let response = self.answer(with(credential, request), 0).await?;
        // An answer to HEAD has no body to hold a problem document.
        match response.status() {
            status if status.is_success() => state(&response),
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                Err(WireError::refused(ErrorCode::NotFound))
            }
            StatusCode::UNAUTHORIZED => Err(WireError::refused(ErrorCode::UnknownDevice)),
            StatusCode::FORBIDDEN => Err(WireError::refused(ErrorCode::DeviceRevoked)),
            _ => Err(refusal(response).await),
        }
    }

    pub(super) async fn append(
        &self,
        credential: &Credential,
        blob: BlobHash,
        offset: u64,
        chunk: Vec<u8>,
    ) -> Result<UploadState, WireError> {
        let bytes = chunk.len();
        let request = self
            .client()
            .patch(self.blob_url(blob))
            .header("tus-resumable", VERSION)
            .header("upload-offset", offset)
            .header(header::CONTENT_TYPE, "application/offset+octet-stream")
            .body(chunk);
        // A large piece follows only where a smaller one was quick, so that none needs the time
        // that a large one would take on the slowest link: a silent link is noticed within a
        // minute.
        match self
            .send(with(credential, request), bytes.min(PIECE_MIN))
            .await
        {
            Ok(_) => {}
            // Another attempt got further than we knew: ask, and go on from there.
            Err(WireError::Refused {
                code: ErrorCode::BadOffset,
                ..
            }) => {}
            Err(error) => return Err(error),
        }
        self.stands_at(credential, blob).await
    }

    fn blob_url(&self, blob: BlobHash) -> String {
        format!("{}/blobs/{blob}", self.base)
    }
}

fn state(response: &Response) -> Result<UploadState, WireError> {
    let number = |name: &str| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
            .ok_or(WireError::Garbled)
    };
    let (offset, length) = (number("upload-offset")?, number("upload-length")?);
    Ok(if offset == length {
        UploadState::Complete
    } else {
        UploadState::At(offset)
    })
}
