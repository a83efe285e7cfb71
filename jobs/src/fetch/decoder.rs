//! Decompressing a body piece by piece, into one buffer of a largest size.
//!
//! The buffer never grows past its cap, however well a bomb is packed.

use std::io::{self, Write};

use brotli::DecompressorWriter;
use flate2::{Decompress, FlushDecompress, Status};
use hyper::header::{CONTENT_ENCODING, HeaderMap};
use zstd::stream::raw::{DParameter, Decoder as ZstdDecoder, InBuffer, Operation, OutBuffer};

/// How much room is made for output at once.
const STEP: usize = 64 * 1024;
/// gzip members after each other that are read: more are a bomb of another kind.
const MAX_MEMBERS: u32 = 64;
/// The window of zstd that browsers allow (RFC 9659): 8 MB.
const ZSTD_WINDOW_LOG: u32 = 23;
/// The window of deflate: 32 kB.
const WINDOW_BITS: u8 = 15;

/// The only encodings asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// Why a body cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DecodeError {
    TooLarge,
    Broken,
}

/// A body that is being decompressed.
pub(super) struct Decoder {
    unpack: Unpack,
    body: Capped,
}

enum Unpack {
    Identity,
    Inflate(Inflating),
    /// `deflate` before its first bytes, which tell zlib from bare deflate.
    Deflate(Vec<u8>),
    Brotli(Box<DecompressorWriter<Capped>>),
    Zstd {
        decoder: ZstdDecoder<'static>,
        ended: bool,
    },
}

/// Gzip, zlib or bare deflate.
struct Inflating {
    inflate: Decompress,
    is_gzip: bool,
    /// gzip members so far.
    members: u32,
    ended: bool,
}

/// A buffer that refuses what does not fit.
struct Capped {
    bytes: Vec<u8>,
    most: usize,
    was_full: bool,
}

impl Encoding {
    /// `None` for an encoding that was not asked for, or several on top of each other.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(CONTENT_ENCODING).iter();
        let Some(value) = values.next() else { return Some(Encoding::Identity) };
        if values.next().is_some() {
            return None;
        }
        let value = value.to_str().ok()?.trim();
        let named = |name: &str| value.eq_ignore_ascii_case(name);
        match () {
            () if value.is_empty() || named("identity") => Some(Encoding::Identity),
            () if named("gzip") || named("x-gzip") => Some(Encoding::Gzip),
            () if named("deflate") => Some(Encoding::Deflate),
            () if named("br") => Some(Encoding::Brotli),
            () if named("zstd") => Some(Encoding::Zstd),
            () => None,
        }
    }
}

impl Decoder {
    /// A decoder of at most `most` bytes.
    pub(super) fn new(encoding: Encoding, most: usize) -> io::Result<Self> {
        let capped = || Capped { bytes: Vec::new(), most, was_full: false };
        let unpack = match encoding {
            Encoding::Identity => Unpack::Identity,
            Encoding::Gzip => Unpack::Inflate(Inflating::new(Decompress::new_gzip(WINDOW_BITS), true)),
            Encoding::Deflate => Unpack::Deflate(Vec::new()),
            Encoding::Brotli => Unpack::Brotli(Box::new(DecompressorWriter::new(capped(), 16 * 1024))),
            Encoding::Zstd => {
                let mut decoder = ZstdDecoder::new()?;
                decoder.set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW_LOG))?;
                Unpack::Zstd { decoder, ended: false }
            }
        };
        Ok(Decoder { unpack, body: capped() })
    }

    /// What is there of the body and was not taken.
    pub(super) fn body(&self) -> &[u8] {
        match &self.unpack {
            Unpack::Brotli(writer) => &writer.get_ref().bytes,
            Unpack::Identity | Unpack::Inflate(_) | Unpack::Deflate(_) | Unpack::Zstd { .. } => &self.body.bytes,
        }
    }

    /// Forgets what is there of the body: somebody else has it. It still counts for the cap.
    pub(super) fn forget_body(&mut self) {
        let body = match &mut self.unpack {
            Unpack::Brotli(writer) => writer.get_mut(),
            Unpack::Identity | Unpack::Inflate(_) | Unpack::Deflate(_) | Unpack::Zstd { .. } => &mut self.body,
        };
        body.most -= body.bytes.len();
        body.bytes.clear();
    }

    /// Takes the next piece.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<(), DecodeError> {
        match &mut self.unpack {
            Unpack::Identity => self.body.write_all(piece).map_err(|_| DecodeError::TooLarge),
            Unpack::Inflate(state) => inflate_all(state, piece, &mut self.body),
            Unpack::Deflate(begin) => {
                begin.extend_from_slice(piece);
                if begin.len() < 2 {
                    return Ok(());
                }
                let begin = std::mem::take(begin);
                self.unpack = Unpack::Inflate(Inflating::new(Decompress::new(is_zlib(&begin)), false));
                self.push(&begin)
            }
            Unpack::Brotli(writer) => match writer.write_all(piece).and_then(|()| writer.flush()) {
                Ok(()) => Ok(()),
                Err(_) if writer.get_ref().was_full => Err(DecodeError::TooLarge),
                Err(_) => Err(DecodeError::Broken),
            },
            Unpack::Zstd { decoder, ended } => unpack_zstd(decoder, ended, piece, &mut self.body),
        }
    }

    /// What is left of the body, if it came to its end.
    pub(super) fn finish(self) -> Result<Vec<u8>, DecodeError> {
        match self.unpack {
            Unpack::Identity | Unpack::Zstd { ended: true, .. } => Ok(self.body.bytes),
            Unpack::Inflate(state) if state.ended => Ok(self.body.bytes),
            Unpack::Brotli(mut writer) => match writer.close() {
                Ok(()) => Ok(std::mem::take(&mut writer.get_mut().bytes)),
                Err(_) => Err(DecodeError::Broken),
            },
            Unpack::Inflate(_) | Unpack::Deflate(_) | Unpack::Zstd { .. } => Err(DecodeError::Broken),
        }
    }
}

fn inflate_all(state: &mut Inflating, piece: &[u8], body: &mut Capped) -> Result<(), DecodeError> {
    let mut rest = piece;
    loop {
        if state.ended {
            // What follows the last member is padding, which browsers pass over, too.
            if !state.is_gzip || !rest.starts_with(&[0x1f]) {
                return Ok(());
            }
            state.begin_member()?;
        }
        body.make_room();
        let (read, written) = (state.inflate.total_in(), body.bytes.len());
        let status = state.inflate.decompress_vec(rest, &mut body.bytes, FlushDecompress::None);
        state.ended = status.map_err(|_| DecodeError::Broken)? == Status::StreamEnd;
        if body.bytes.len() > body.most {
            return Err(DecodeError::TooLarge);
        }
        let read = usize::try_from(state.inflate.total_in() - read).expect("no more is read than a slice holds");
        rest = &rest[read..];
        let has_room = body.bytes.len() < body.bytes.capacity();
        if rest.is_empty() && (has_room || state.ended) {
            return Ok(());
        }
        if read == 0 && body.bytes.len() == written && !state.ended {
            return Err(DecodeError::Broken);
        }
    }
}

fn unpack_zstd(decoder: &mut ZstdDecoder<'static>, ended: &mut bool, piece: &[u8], body: &mut Capped) -> Result<(), DecodeError> {
    let mut input = InBuffer::around(piece);
    let mut room = [0; 16 * 1024];
    loop {
        let before = input.pos();
        let mut output = OutBuffer::around(&mut room[..]);
        let left = decoder.run(&mut input, &mut output).map_err(|_| DecodeError::Broken)?;
        let written = output.pos();
        body.write_all(&room[..written]).map_err(|_| DecodeError::TooLarge)?;
        // Without anything read or written it only says what the next frame would need.
        if input.pos() > before || written > 0 {
            *ended = left == 0;
        }
        if input.pos() == piece.len() && written < room.len() {
            return Ok(());
        }
    }
}

/// `deflate` is zlib by the standard and bare by some servers; zlib begins with a checked header (RFC 1950 §2.2).
fn is_zlib(begin: &[u8]) -> bool {
    match begin {
        [first, second, ..] => first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0,
        _ => false,
    }
}

impl Inflating {
    fn new(inflate: Decompress, is_gzip: bool) -> Self {
        Inflating { inflate, is_gzip, members: 1, ended: false }
    }

    fn begin_member(&mut self) -> Result<(), DecodeError> {
        self.members += 1;
        if self.members > MAX_MEMBERS {
            return Err(DecodeError::Broken);
        }
        self.inflate = Decompress::new_gzip(WINDOW_BITS);
        self.ended = false;
        Ok(())
    }
}

impl Capped {
    /// Makes room for more output: one byte more than allowed tells "too large" from "just fits".
    fn make_room(&mut self) {
        if self.bytes.len() == self.bytes.capacity() {
            let left = (self.most + 1).saturating_sub(self.bytes.len());
            self.bytes.reserve_exact(STEP.max(self.bytes.len()).min(left));
        }
    }
}

impl Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
            self.was_full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    const MOST: usize = 1 << 20;

    fn packed(encoding: Encoding, bare: bool, body: &[u8]) -> Vec<u8> {
        match encoding {
            Encoding::Identity => body.to_vec(),
            Encoding::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(body).unwrap();
                encoder.finish().unwrap()
            }
            Encoding::Deflate if bare => {
                let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(body).unwrap();
                encoder.finish().unwrap()
            }
            Encoding::Deflate => {
                let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(body).unwrap();
                encoder.finish().unwrap()
            }
            Encoding::Brotli => {
                let mut packed = Vec::new();
                brotli::CompressorWriter::new(&mut packed, 4096, 4, 20).write_all(body).unwrap();
                packed
            }
            Encoding::Zstd => zstd::encode_all(body, 3).unwrap(),
        }
    }

    fn unpacked(encoding: Encoding, packed: &[u8], step: usize) -> Result<Vec<u8>, DecodeError> {
        let mut decoder = Decoder::new(encoding, MOST).unwrap();
        for piece in packed.chunks(step) {
            decoder.push(piece)?;
        }
        decoder.finish()
    }

    const ALL: [(Encoding, bool); 6] = [
        (Encoding::Identity, false),
        (Encoding::Gzip, false),
        (Encoding::Deflate, false),
        (Encoding::Deflate, true),
        (Encoding::Brotli, false),
        (Encoding::Zstd, false),
    ];

    /// Text that packs as pages do.
    fn page(bytes: usize) -> Vec<u8> {
        (0..)
            .flat_map(|n: u32| format!("<li class=p{}>{}</li>", n % 7, n.wrapping_mul(2_654_435_761)).into_bytes())
            .take(bytes)
            .collect()
    }

    #[test]
    fn every_encoding_gives_the_body_back_whatever_the_pieces() {
        for (encoding, bare) in ALL {
            for size in [0, 1, 10_000, 300_000, MOST] {
                let body = page(size);
                let packed = packed(encoding, bare, &body);
                for step in [1_371, 64 * 1024, MOST * 2] {
                    assert_eq!(unpacked(encoding, &packed, step).as_deref(), Ok(&body[..]), "{encoding:?} {size} {step}");
                }
            }
            let small = page(500);
            assert_eq!(
                unpacked(encoding, &packed(encoding, bare, &small), 1).as_deref(),
                Ok(&small[..]),
                "{encoding:?} bytewise"
            );
        }
    }

    #[test]
    fn one_byte_more_than_allowed_is_too_large() {
        for (encoding, bare) in ALL {
            for size in [MOST + 1, 20 * MOST] {
                let packed = packed(encoding, bare, &vec![b' '; size]);
                assert_eq!(unpacked(encoding, &packed, 4_096), Err(DecodeError::TooLarge), "{encoding:?} {size}");
            }
        }
    }

    #[test]
    fn a_body_that_is_cut_or_garbled_is_broken() {
        for (encoding, bare) in ALL.into_iter().skip(1) {
            let packed = packed(encoding, bare, &page(50_000));
            let cut = &packed[..packed.len() / 2];
            assert_eq!(unpacked(encoding, cut, 4_096), Err(DecodeError::Broken), "{encoding:?}");
            assert_eq!(unpacked(encoding, &[], 1), Err(DecodeError::Broken), "{encoding:?} of nothing");
        }
        assert_eq!(unpacked(Encoding::Gzip, &page(100), 10), Err(DecodeError::Broken));
        assert_eq!(unpacked(Encoding::Zstd, &page(100), 10), Err(DecodeError::Broken));
    }

    #[test]
    fn gzip_members_are_joined_padding_is_passed_over_and_thousands_are_refused() {
        let (one, two) = (packed(Encoding::Gzip, false, b"one "), packed(Encoding::Gzip, false, b"two"));
        let both = [&one[..], &two, &[0; 20]].concat();
        for step in [1, 7, 1_000] {
            assert_eq!(unpacked(Encoding::Gzip, &both, step).as_deref(), Ok(&b"one two"[..]), "{step}");
        }
        let many = packed(Encoding::Gzip, false, b"").repeat(10_000);
        assert_eq!(unpacked(Encoding::Gzip, &many, 4_096), Err(DecodeError::Broken));
    }
}
