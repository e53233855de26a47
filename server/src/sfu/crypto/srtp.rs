//! The ciphers of SRTP ([RFC 3711](https://www.rfc-editor.org/rfc/rfc3711), [RFC 7714](https://www.rfc-editor.org/rfc/rfc7714)).
//!
//! May import: aes, ctr, ring, str0m.

use aes::cipher::{BlockEncrypt, KeyInit, StreamCipher};
use aes::{Aes128, Aes256, Block};
use ring::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};
use str0m::crypto::{
    AeadAes128GcmCipher, AeadAes256GcmCipher, Aes128CmSha1_80Cipher, CryptoError, SrtpProvider,
    SupportedAeadAes128Gcm, SupportedAeadAes256Gcm, SupportedAes128CmSha1_80,
};

type Counter = ctr::Ctr128BE<Aes128>;

/// Each of the three profiles that browsers offer.
#[derive(Debug)]
pub(super) struct Srtp;

impl SrtpProvider for Srtp {
    fn aes_128_cm_sha1_80(&self) -> &'static dyn SupportedAes128CmSha1_80 {
        &Self
    }

    fn aead_aes_128_gcm(&self) -> &'static dyn SupportedAeadAes128Gcm {
        &Self
    }

    fn aead_aes_256_gcm(&self) -> &'static dyn SupportedAeadAes256Gcm {
        &Self
    }

    fn srtp_aes_128_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        padded_block(&Aes128::new(key.into()), input, output);
    }

    fn srtp_aes_256_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        padded_block(&Aes256::new(key.into()), input, output);
    }
}

/// One block, and the block of padding that PKCS #7 puts after it: keys are derived from the first.
fn padded_block(
    cipher: &impl BlockEncrypt<BlockSize = aes::cipher::consts::U16>,
    input: &[u8],
    output: &mut [u8],
) {
    const PADDING: u8 = 16;
    let mut blocks = [Block::clone_from_slice(input), Block::from([PADDING; 16])];
    for (block, output) in blocks.iter_mut().zip(output.chunks_exact_mut(16)) {
        cipher.encrypt_block(block);
        output.copy_from_slice(block);
    }
}

impl SupportedAes128CmSha1_80 for Srtp {
    fn create_cipher(&self, key: [u8; 16], _encrypt: bool) -> Box<dyn Aes128CmSha1_80Cipher> {
        Box::new(CounterMode(Aes128::new(&key.into())))
    }
}

impl SupportedAeadAes128Gcm for Srtp {
    fn create_cipher(&self, key: [u8; 16], _encrypt: bool) -> Box<dyn AeadAes128GcmCipher> {
        Box::new(Gcm::new(&aead::AES_128_GCM, &key))
    }
}

impl SupportedAeadAes256Gcm for Srtp {
    fn create_cipher(&self, key: [u8; 32], _encrypt: bool) -> Box<dyn AeadAes256GcmCipher> {
        Box::new(Gcm::new(&aead::AES_256_GCM, &key))
    }
}

/// The key is expanded once.
struct CounterMode(Aes128);

impl std::fmt::Debug for CounterMode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CounterMode")
    }
}

impl Aes128CmSha1_80Cipher for CounterMode {
    fn encrypt(
        &mut self,
        iv: &[u8; 16],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<(), CryptoError> {
        use aes::cipher::InnerIvInit as _;
        let inner = ctr::CtrCore::inner_iv_init(self.0.clone(), iv.into());
        let mut stream: Counter = aes::cipher::StreamCipherCoreWrapper::from_core(inner);
        stream
            .apply_keystream_b2b(input, &mut output[..input.len()])
            .map_err(|_| failed("AES-CM"))
    }

    fn decrypt(
        &mut self,
        iv: &[u8; 16],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<(), CryptoError> {
        self.encrypt(iv, input, output)
    }
}

/// Of both lengths of keys. A key of a wrong length is none, and then nothing is encrypted.
struct Gcm {
    key: Option<LessSafeKey>,
    /// *ring* works in place, and what str0m gives to write to has no room for the tag of what is decrypted.
    buffer: Vec<u8>,
}

impl std::fmt::Debug for Gcm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gcm")
    }
}

impl Gcm {
    fn new(algorithm: &'static aead::Algorithm, key: &[u8]) -> Self {
        let key = UnboundKey::new(algorithm, key).ok().map(LessSafeKey::new);
        Self {
            key,
            buffer: Vec::new(),
        }
    }

    fn seal(
        &mut self,
        iv: [u8; 12],
        aad: &[u8],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<(), CryptoError> {
        let (sealed, rest) = output
            .split_at_mut_checked(input.len())
            .ok_or_else(|| failed("AES-GCM"))?;
        sealed.copy_from_slice(input);
        let key = self.key.as_ref().ok_or_else(|| failed("AES-GCM"))?;
        let tag = key.seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(iv),
            Aad::from(aad),
            sealed,
        );
        let tag = tag.map_err(|_| failed("AES-GCM"))?;
        let room = rest
            .get_mut(..tag.as_ref().len())
            .ok_or_else(|| failed("AES-GCM"))?;
        room.copy_from_slice(tag.as_ref());
        Ok(())
    }

    fn open(
        &mut self,
        iv: [u8; 12],
        aads: &[&[u8]],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<usize, CryptoError> {
        self.buffer.clear();
        self.buffer.extend_from_slice(input);
        let joined;
        let aad = match aads {
            [aad] => *aad,
            several => {
                joined = several.concat();
                &joined
            }
        };
        let key = self.key.as_ref().ok_or_else(|| failed("AES-GCM"))?;
        let opened = key.open_in_place(
            Nonce::assume_unique_for_key(iv),
            Aad::from(aad),
            &mut self.buffer,
        );
        let opened = opened.map_err(|_| failed("AES-GCM"))?;
        let room = output
            .get_mut(..opened.len())
            .ok_or_else(|| failed("AES-GCM"))?;
        room.copy_from_slice(opened);
        Ok(opened.len())
    }
}

impl AeadAes128GcmCipher for Gcm {
    fn encrypt(
        &mut self,
        iv: &[u8; 12],
        aad: &[u8],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<(), CryptoError> {
        self.seal(*iv, aad, input, output)
    }

    fn decrypt(
        &mut self,
        iv: &[u8; 12],
        aads: &[&[u8]],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<usize, CryptoError> {
        self.open(*iv, aads, input, output)
    }
}

impl AeadAes256GcmCipher for Gcm {
    fn encrypt(
        &mut self,
        iv: &[u8; 12],
        aad: &[u8],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<(), CryptoError> {
        self.seal(*iv, aad, input, output)
    }

    fn decrypt(
        &mut self,
        iv: &[u8; 12],
        aads: &[&[u8]],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<usize, CryptoError> {
        self.open(*iv, aads, input, output)
    }
}

fn failed(what: &str) -> CryptoError {
    CryptoError::Other(format!("{what} failed"))
}
