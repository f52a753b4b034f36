//! The router as callers meet it, over a whole platform in memory with a simulated Meta. No socket, and no sleep
//! but where several nodes are tried.

#[cfg(test)]
mod access;
#[cfg(test)]
mod bodies;
#[cfg(test)]
mod channels;
#[cfg(test)]
mod configuration;
#[cfg(test)]
mod console;
#[cfg(test)]
mod cors;
#[cfg(test)]
mod csrf;
#[cfg(test)]
mod description;
#[cfg(test)]
mod flood;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod inbox;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod nodes;
#[cfg(test)]
mod outage;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod poison;
#[cfg(test)]
mod program;
#[cfg(test)]
mod repetition;
#[cfg(test)]
mod report;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod sockets;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod world;
