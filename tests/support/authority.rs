//! A throw-away certificate authority.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// A root certificate that issues server certificates.
pub struct Authority {
    root: CertifiedIssuer<'static, KeyPair>,
    intermediate: CertifiedIssuer<'static, KeyPair>,
}

/// The chain and the key of a server.
pub struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    key: Vec<u8>,
}

impl Identity {
    fn new(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> Self {
        Self {
            chain,
            key: key.serialize_der(),
        }
    }

    pub fn key(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.key.clone()).into()
    }
}

fn ca(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

fn server(names: &[&str]) -> (CertificateParams, KeyPair) {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::CommonName, "server");
    (params, KeyPair::generate().unwrap())
}

impl Authority {
    pub fn new() -> Self {
        Self::named("Test Root")
    }

    /// Another name makes another authority; the same name makes an impostor.
    pub fn named(name: &str) -> Self {
        let root = CertifiedIssuer::self_signed(ca(name), KeyPair::generate().unwrap()).unwrap();
        let intermediate = CertifiedIssuer::signed_by(
            ca(&format!("{name} Intermediate")),
            KeyPair::generate().unwrap(),
            &root,
        )
        .unwrap();
        Self { root, intermediate }
    }

    /// The root certificate, for a vantage's `ca`.
    pub fn pem(&self) -> String {
        self.root.pem()
    }

    /// A valid certificate for these names and addresses.
    pub fn good(&self, names: &[&str]) -> Identity {
        let (params, key) = server(names);
        let leaf = params.signed_by(&key, &self.root).unwrap();
        Identity::new(vec![leaf.into()], &key)
    }

    /// A certificate that expired on 2025-01-01.
    pub fn expired(&self, names: &[&str]) -> Identity {
        let (mut params, key) = server(names);
        params.not_before = date_time_ymd(2024, 1, 1);
        params.not_after = date_time_ymd(2025, 1, 1);
        let leaf = params.signed_by(&key, &self.root).unwrap();
        Identity::new(vec![leaf.into()], &key)
    }

    /// A certificate that is not valid before 2999-01-01.
    pub fn not_yet_valid(&self, names: &[&str]) -> Identity {
        let (mut params, key) = server(names);
        params.not_before = date_time_ymd(2999, 1, 1);
        params.not_after = date_time_ymd(3000, 1, 1);
        let leaf = params.signed_by(&key, &self.root).unwrap();
        Identity::new(vec![leaf.into()], &key)
    }

    /// A certificate issued by an intermediate authority, with the intermediate in the chain.
    pub fn through_intermediate(&self, names: &[&str]) -> Identity {
        let (params, key) = server(names);
        let leaf = params.signed_by(&key, &self.intermediate).unwrap();
        let intermediate = self.intermediate.der().clone();
        Identity::new(vec![leaf.into(), intermediate], &key)
    }

    /// The same, without the intermediate in the chain.
    pub fn incomplete(&self, names: &[&str]) -> Identity {
        let mut identity = self.through_intermediate(names);
        identity.chain.truncate(1);
        identity
    }
}

/// A self-signed certificate; with `ca` as `openssl req -x509` makes it.
pub fn self_signed(names: &[&str], ca: bool) -> Identity {
    let (mut params, key) = server(names);
    if ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    let leaf = params.self_signed(&key).unwrap();
    Identity::new(vec![leaf.into()], &key)
}
