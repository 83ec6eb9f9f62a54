//! A host that is shared with other processes of the same vantage: who holds its lease connects.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// A lease, as soon as it is given.
pub type LeaseAnswer<'a> = Pin<Box<dyn Future<Output = Option<Box<dyn HostLease>>> + Send + 'a>>;

/// Who gives leases of hosts.
pub trait HostLeases: Debug + Send + Sync {
    /// Waits for the lease of a host. `None`: there is nobody to ask, and this process goes on by
    /// its own pace.
    fn lease<'a>(&'a self, host: &'a str) -> LeaseAnswer<'a>;
}

/// The lease of a host.
pub trait HostLease: Debug + Send + Sync {
    /// Gives the host back after a gap.
    fn end(self: Box<Self>, gap: Duration);
}
