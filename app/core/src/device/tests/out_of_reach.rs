//! What a test asks of no server.

/// Methods of [`Protocol`](shared::wire::Protocol) that find no connection.
macro_rules! out_of_reach {
    (@ enrol) => {
        async fn enrol(
            &self,
            _: shared::wire::EnrolRequest,
        ) -> Result<shared::wire::EnrolResponse, WireError> {
            Err(WireError::NoConnection)
        }
    };
    (@ sign_in) => {
        async fn sign_in(
            &self,
            _: &Credential,
            _: shared::wire::SignInRequest,
        ) -> Result<SignInResponse, WireError> {
            Err(WireError::NoConnection)
        }
    };
    (@ exchange) => {
        async fn exchange(
            &self,
            _: &Credential,
            _: shared::wire::ExchangeRequest,
        ) -> Result<shared::wire::ExchangeResponse, WireError> {
            Err(WireError::NoConnection)
        }
    };
    (@ photos) => {
        async fn upload_begin(
            &self,
            _: &Credential,
            _: shared::ids::RecordId,
            _: shared::hash::BlobHash,
            _: u64,
        ) -> Result<shared::wire::UploadState, WireError> {
            Err(WireError::NoConnection)
        }

        async fn upload_append(
            &self,
            _: &Credential,
            _: shared::hash::BlobHash,
            _: u64,
            _: Vec<u8>,
        ) -> Result<shared::wire::UploadState, WireError> {
            Err(WireError::NoConnection)
        }

        async fn photo(
            &self,
            _: &Credential,
            _: shared::hash::BlobHash,
        ) -> Result<Vec<u8>, WireError> {
            Err(WireError::NoConnection)
        }
    };
    ($($name:ident),+) => {
        $( out_of_reach!(@ $name); )+
    };
}
