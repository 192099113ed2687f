"""libtorrent as one peer of a test: seeds until it is ended, or downloads and exits.

    lt_peer.py seed|leech TORRENT|MAGNET FOLDER --port N --protection plaintext|mse-plaintext|mse-rc4 [--dial HOST:PORT]

Seeding prints "ready" once the data is there; downloading prints "complete".
"""
import argparse
import sys
import time

import libtorrent as lt

# pe_forced, pe_disabled; pe_plaintext, pe_rc4
PROTECTION = {"plaintext": (2, 3), "mse-plaintext": (0, 1), "mse-rc4": (0, 2)}
REDIAL_SECONDS = 2

arguments = argparse.ArgumentParser()
arguments.add_argument("role", choices=["seed", "leech"])
arguments.add_argument("torrent")
arguments.add_argument("folder")
arguments.add_argument("--port", type=int, required=True)
arguments.add_argument("--protection", choices=PROTECTION, required=True)
arguments.add_argument("--dial")
asked = arguments.parse_args()

policy, level = PROTECTION[asked.protection]
session = lt.session({
    "listen_interfaces": f"0.0.0.0:{asked.port}",
    "in_enc_policy": policy,
    "out_enc_policy": policy,
    "allowed_enc_level": level,
    "prefer_rc4": level == 2,
    # Everything here runs over TCP, between peers that were named or found by a tracker.
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "allow_multiple_connections_per_ip": True,
    "alert_mask": lt.alert.category_t.error_notification | lt.alert.category_t.peer_notification,
})
if asked.torrent.startswith("magnet:"):
    parameters = lt.parse_magnet_uri(asked.torrent)
else:
    parameters = lt.add_torrent_params()
    parameters.ti = lt.torrent_info(asked.torrent)
parameters.save_path = asked.folder
parameters.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
torrent = session.add_torrent(parameters)

dialled = -REDIAL_SECONDS
told = False
while True:
    for alert in session.pop_alerts():
        print(alert.what(), alert.message(), flush=True)
    status = torrent.status()
    if asked.dial and status.num_peers == 0 and time.monotonic() - dialled > REDIAL_SECONDS:
        host, port = asked.dial.rsplit(":", 1)
        torrent.connect_peer((host, int(port)))
        dialled = time.monotonic()
    if status.is_seeding and not told:
        print("ready" if asked.role == "seed" else "complete", flush=True)
        told = True
        if asked.role == "leech":
            # What is still on its way to the disk is written before the files are looked at.
            torrent.pause()
            del torrent
            del session
            sys.exit(0)
    time.sleep(0.05)
