"""libtorrent as one end of a comparison: peer.py seed|get TORRENT FOLDER PORT rc4|plain [HOST:PORT]

Seeds until it is killed, or downloads from that one peer and ends. Caches, queues and connection limits are
opened wide, so that what is measured is the work and not the manners.
"""
import sys
import time

import libtorrent

role, torrent, folder, port, enc = sys.argv[1:6]
FORCED, DISABLED = 0, 2
policy = FORCED if enc == "rc4" else DISABLED
PLAINTEXT, RC4 = 1, 2

session = libtorrent.session({
    "listen_interfaces": f"0.0.0.0:{port}",
    "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
    "enable_incoming_utp": False, "enable_outgoing_utp": False,
    "in_enc_policy": policy, "out_enc_policy": policy,
    "allowed_enc_level": RC4 if enc == "rc4" else PLAINTEXT, "prefer_rc4": enc == "rc4",
    "allow_multiple_connections_per_ip": True, "unchoke_slots_limit": 100,
    "max_out_request_queue": 1500, "send_buffer_watermark": 4 << 20, "send_buffer_low_watermark": 1 << 20,
    "aio_threads": 4, "hashing_threads": 2, "alert_mask": 0,
})
params = libtorrent.add_torrent_params()
params.ti = libtorrent.torrent_info(torrent)
params.save_path = folder
params.flags &= ~(libtorrent.torrent_flags.auto_managed | libtorrent.torrent_flags.paused)
if role == "seed":
    params.flags |= libtorrent.torrent_flags.seed_mode
handle = session.add_torrent(params)
if role == "seed":
    while True:
        time.sleep(3600)

host, _, remote_port = sys.argv[6].rpartition(":")
called = 0
while not handle.status().is_seeding:
    if time.monotonic() - called > 1 and handle.status().num_peers == 0:
        called = time.monotonic()
        handle.connect_peer((host, int(remote_port)))
    time.sleep(0.02)
