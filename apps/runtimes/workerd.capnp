# The Worker as workerd runs it: without Node's modules, and able to reach this machine only.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "dist/servers/workerd.js")],
  compatibilityDate = "2026-11-01",
  bindings = [(name = "AUTHKIT_URL", fromEnvironment = "AUTHKIT_URL")],
);
