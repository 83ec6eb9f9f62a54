//! RFC 3161 time stamps of the day chain: the request to an authority, and what its answer proves.
//!
//! The message imprint is the chain value itself, so that `openssl ts -verify -digest CHAIN`
//! accepts the file. Whether the authority's certificate leads to a trusted root is left to the
//! reader, who decides whom to trust; everything else is checked here.

use cms::cert::CertificateChoices;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{EncapsulatedContentInfo, SignerIdentifier, SignerInfo, SignerInfos};
use der::asn1::{Int, ObjectIdentifier, OctetString, SetOfVec};
use der::oid::db::{rfc5280, rfc5912, rfc6268};
use der::{
    Any, Decode, DecodeValue, Encode, FixedTag, Header, Reader, SliceReader, Tag, TagMode,
    TagNumber,
};
use ring::{digest, signature};
use thiserror::Error;
use x509_cert::Certificate;
use x509_cert::ext::pkix::{ExtendedKeyUsage, SubjectKeyIdentifier};
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_tsp::{MessageImprint, TimeStampReq, TimeStampResp, TspVersion, TstInfo};

use super::merkle::Hash;
use crate::model::Time;

/// `id-ct-TSTInfo` (RFC 3161, 2.4.2).
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// The most bytes of an answer; real ones have 2 to 8 KB.
pub const MAX_ANSWER: usize = 256 * 1024;

/// Why an answer does not prove that the value existed at its time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TimeStampError {
    #[error("the time stamp cannot be read ({0})")]
    Unreadable(String),
    #[error("the authority refused the request")]
    Refused,
    #[error("the time stamp is of another value")]
    OtherValue,
    #[error("the signature of the time stamp does not hold")]
    Signature,
    #[error(
        "the certificate of the time stamp is missing, or is not one of a time stamping authority"
    )]
    Certificate,
    #[error("the time stamp is signed with {0}, which is not known here")]
    Algorithm(String),
}

impl From<der::Error> for TimeStampError {
    fn from(error: der::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// The request for a time stamp of `value`, as `application/timestamp-query`.
pub fn request(value: &Hash, nonce: u64) -> Result<Vec<u8>, TimeStampError> {
    let request = TimeStampReq {
        version: TspVersion::V1,
        message_imprint: MessageImprint {
            hash_algorithm: AlgorithmIdentifierOwned {
                oid: rfc5912::ID_SHA_256,
                parameters: Some(Any::null()),
            },
            hashed_message: OctetString::new(value.as_slice())?,
        },
        req_policy: None,
        // The first byte is at most 0x7f, so that the number is positive.
        nonce: Some(Int::new(&(nonce >> 1 | 1 << 62).to_be_bytes())?),
        cert_req: true,
        extensions: None,
    };
    Ok(request.to_der()?)
}

/// Checks that `answer` is a time stamp of `value`, and returns its time.
pub fn check(answer: &[u8], value: &Hash) -> Result<Time, TimeStampError> {
    let answer = TimeStampResp::from_der(answer)?;
    let token = answer.time_stamp_token.ok_or(TimeStampError::Refused)?;
    let data = Signed::read(&token)?;
    let content = &data.content;
    let info = content
        .econtent
        .as_ref()
        .ok_or(TimeStampError::Refused)?
        .value();
    if content.econtent_type != TST_INFO {
        return Err(TimeStampError::Unreadable(
            "the content is not a time stamp".to_owned(),
        ));
    }
    let stamp = TstInfo::from_der(info)?;
    let imprint = &stamp.message_imprint;
    if imprint.hash_algorithm.oid != rfc5912::ID_SHA_256
        || imprint.hashed_message.as_bytes() != value
    {
        return Err(TimeStampError::OtherValue);
    }
    let [signer] = data.signers.0.as_slice() else {
        return Err(TimeStampError::Unreadable(
            "there is not one signer".to_owned(),
        ));
    };
    let certificate = certificate(&data.certificates, signer).ok_or(TimeStampError::Certificate)?;
    verify(signer, certificate, info)?;
    let seconds = stamp.gen_time.to_unix_duration().as_secs();
    let time = i64::try_from(seconds)
        .ok()
        .and_then(|s| Time::from_timestamp(s, 0));
    time.ok_or_else(|| TimeStampError::Unreadable("its time is out of range".to_owned()))
}

/// The signed data of a token. It is parsed here because `cms` is stricter than authorities are:
/// OpenSSL's writes its certificate twice, which a set in DER does not allow.
struct Signed {
    content: EncapsulatedContentInfo,
    certificates: Vec<Certificate>,
    signers: SignerInfos,
}

impl Signed {
    fn read(token: &ContentInfo) -> Result<Self, TimeStampError> {
        if token.content_type != rfc6268::ID_SIGNED_DATA {
            return Err(TimeStampError::Unreadable(
                "the content is not signed".to_owned(),
            ));
        }
        let mut reader = SliceReader::new(token.content.value())?;
        CmsVersion::decode(&mut reader)?;
        SetOfVec::<AlgorithmIdentifierOwned>::decode(&mut reader)?;
        let content = EncapsulatedContentInfo::decode(&mut reader)?;
        let certificates =
            reader.context_specific::<Certificates>(TagNumber::N0, TagMode::Implicit)?;
        reader.context_specific::<Ignored>(TagNumber::N1, TagMode::Implicit)?;
        Ok(Self {
            content,
            certificates: certificates.map(|all| all.0).unwrap_or_default(),
            signers: SignerInfos::decode(&mut reader)?,
        })
    }
}

/// A set of certificates in any order, possibly with duplicates.
struct Certificates(Vec<Certificate>);

impl FixedTag for Certificates {
    const TAG: Tag = Tag::Set;
}

impl<'a> DecodeValue<'a> for Certificates {
    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Self> {
        reader.read_nested(header.length, |nested| {
            let mut certificates = Vec::new();
            while !nested.is_finished() {
                if let CertificateChoices::Certificate(one) = CertificateChoices::decode(nested)? {
                    certificates.push(one);
                }
            }
            Ok(Self(certificates))
        })
    }
}

/// Revocation lists, which a reader downloads again.
struct Ignored;

impl FixedTag for Ignored {
    const TAG: Tag = Tag::Set;
}

impl<'a> DecodeValue<'a> for Ignored {
    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Self> {
        reader.read_slice(header.length)?;
        Ok(Self)
    }
}

/// The signer's certificate, when it is only for time stamping (RFC 3161, 2.3).
fn certificate<'a>(all: &'a [Certificate], signer: &SignerInfo) -> Option<&'a Certificate> {
    let certificate = all
        .iter()
        .find(|certificate| is_of(certificate, &signer.sid))?;
    let (_, usage) = certificate
        .tbs_certificate
        .get::<ExtendedKeyUsage>()
        .ok()
        .flatten()?;
    (usage.0 == [rfc5280::ID_KP_TIME_STAMPING]).then_some(certificate)
}

fn is_of(certificate: &Certificate, signer: &SignerIdentifier) -> bool {
    let about = &certificate.tbs_certificate;
    match signer {
        SignerIdentifier::IssuerAndSerialNumber(id) => {
            about.issuer == id.issuer && about.serial_number == id.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(id) => {
            let own = about.get::<SubjectKeyIdentifier>().ok().flatten();
            own.is_some_and(|(_, own)| own.0 == id.0)
        }
    }
}

/// Checks the digest of the content, and the signature over the signed attributes (RFC 5652, 5.4).
fn verify(
    signer: &SignerInfo,
    certificate: &Certificate,
    content: &[u8],
) -> Result<(), TimeStampError> {
    let attributes = signer
        .signed_attrs
        .as_ref()
        .ok_or(TimeStampError::Signature)?;
    let stated = attributes
        .iter()
        .find(|attribute| attribute.oid == rfc6268::ID_MESSAGE_DIGEST)
        .and_then(|attribute| attribute.values.get(0))
        .and_then(|value| value.decode_as::<OctetString>().ok())
        .ok_or(TimeStampError::Signature)?;
    let own = digest::digest(hash(signer.digest_alg.oid)?, content);
    if stated.as_bytes() != own.as_ref() {
        return Err(TimeStampError::Signature);
    }
    let key = &certificate.tbs_certificate.subject_public_key_info;
    let algorithm = algorithm(signer, key.algorithm.parameters.as_ref())?;
    let key = key
        .subject_public_key
        .as_bytes()
        .ok_or(TimeStampError::Signature)?;
    signature::UnparsedPublicKey::new(algorithm, key)
        .verify(&attributes.to_der()?, signer.signature.as_bytes())
        .map_err(|_| TimeStampError::Signature)
}

fn hash(algorithm: ObjectIdentifier) -> Result<&'static digest::Algorithm, TimeStampError> {
    match algorithm {
        rfc5912::ID_SHA_256 => Ok(&digest::SHA256),
        rfc5912::ID_SHA_384 => Ok(&digest::SHA384),
        rfc5912::ID_SHA_512 => Ok(&digest::SHA512),
        other => Err(TimeStampError::Algorithm(other.to_string())),
    }
}

/// The algorithm that verifies the signature. For RSA many authorities state only the key's
/// algorithm, and the hash in another field; for elliptic curves the curve is stated with the key.
fn algorithm(
    signer: &SignerInfo,
    key: Option<&Any>,
) -> Result<&'static dyn signature::VerificationAlgorithm, TimeStampError> {
    let stated = signer.signature_algorithm.oid;
    let hash = match stated {
        rfc5912::ECDSA_WITH_SHA_256 | rfc5912::SHA_256_WITH_RSA_ENCRYPTION => rfc5912::ID_SHA_256,
        rfc5912::ECDSA_WITH_SHA_384 | rfc5912::SHA_384_WITH_RSA_ENCRYPTION => rfc5912::ID_SHA_384,
        rfc5912::SHA_512_WITH_RSA_ENCRYPTION => rfc5912::ID_SHA_512,
        _ => signer.digest_alg.oid,
    };
    let curve = key.and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
    match (curve, hash) {
        (None, rfc5912::ID_SHA_256) => Ok(&signature::RSA_PKCS1_2048_8192_SHA256),
        (None, rfc5912::ID_SHA_384) => Ok(&signature::RSA_PKCS1_2048_8192_SHA384),
        (None, rfc5912::ID_SHA_512) => Ok(&signature::RSA_PKCS1_2048_8192_SHA512),
        (Some(rfc5912::SECP_256_R_1), rfc5912::ID_SHA_256) => {
            Ok(&signature::ECDSA_P256_SHA256_ASN1)
        }
        (Some(rfc5912::SECP_256_R_1), rfc5912::ID_SHA_384) => {
            Ok(&signature::ECDSA_P256_SHA384_ASN1)
        }
        (Some(rfc5912::SECP_384_R_1), rfc5912::ID_SHA_256) => {
            Ok(&signature::ECDSA_P384_SHA256_ASN1)
        }
        (Some(rfc5912::SECP_384_R_1), rfc5912::ID_SHA_384) => {
            Ok(&signature::ECDSA_P384_SHA384_ASN1)
        }
        _ => Err(TimeStampError::Algorithm(stated.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::chain::from_hex;

    /// Made by `openssl ts -reply` with an RSA key and a P-256 key; the certificate is in it twice.
    const ANSWERS: [(&[u8], &str); 2] = [
        (
            include_bytes!("../../tests/testdata/time_stamps/rsa.tsr"),
            "c0eb37e63b6a610fe7b3639218d97e0424b88bb6c220644633e8ff1ba53b3c34",
        ),
        (
            include_bytes!("../../tests/testdata/time_stamps/ec.tsr"),
            "94dcf61d3940cb9a4fbc1834ed7fde3bd93092708fdc7a8c0621f342b81a1777",
        ),
    ];

    #[test]
    fn an_answer_of_openssl_proves_its_value_and_no_other() {
        for (answer, value) in ANSWERS {
            let value = from_hex(value).unwrap();
            let time = check(answer, &value).unwrap();
            assert_eq!(
                time.format("%Y-%m-%dT%H:%M").to_string(),
                "2026-11-29T20:57"
            );
            assert_eq!(check(answer, &[7; 32]), Err(TimeStampError::OtherValue));
        }
    }

    /// Nobody can change the time, the value or the signature. The certificates are outside the
    /// signature, but a changed certificate no longer matches it.
    #[test]
    fn a_changed_answer_is_refused_or_says_the_same() {
        for (answer, value) in ANSWERS {
            let value = from_hex(value).unwrap();
            let time = check(answer, &value).unwrap();
            for at in 0..answer.len() {
                let mut changed = answer.to_vec();
                changed[at] ^= 1;
                if let Ok(said) = check(&changed, &value) {
                    assert_eq!(said, time, "byte {at}");
                }
            }
            assert!(check(&answer[..answer.len() - 1], &value).is_err());
        }
    }

    #[test]
    fn a_request_asks_for_the_value_with_the_certificate() {
        let bytes = request(&[9; 32], u64::MAX).unwrap();
        let read = TimeStampReq::from_der(&bytes).unwrap();
        assert_eq!(read.message_imprint.hashed_message.as_bytes(), [9; 32]);
        assert!(read.cert_req);
        assert!(read.nonce.is_some());
    }
}
