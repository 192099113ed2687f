package dev.thistle.protocol.metainfo;

import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The `file tree` of a v2 torrent under construction (BEP 52). Not thread-safe.
final class FileTree {

    private static final class Node {
        final Map<String, Node> below = new TreeMap<>();
        long lengthBytes;
        String attr = "";
        @Nullable Sha256 root;

        Node find(List<String> path) {
            Node node = this;
            for (String element : path) {
                node = node.below.computeIfAbsent(element, _ -> new Node());
            }
            return node;
        }

        Dict build() {
            var dict = Dict.builder();
            if (below.isEmpty()) {
                var file = Dict.builder().put("length", lengthBytes);
                if (!attr.isEmpty()) {
                    file.put("attr", attr);
                }
                if (root != null) {
                    file.put("pieces root", root.bytes());
                }
                dict.put("", file.build());
            }
            below.forEach((element, node) -> dict.put(element, node.build()));
            return dict.build();
        }
    }

    private final Node top = new Node();

    void add(List<String> path, long lengthBytes, String attr) {
        Node file = top.find(path);
        file.lengthBytes = lengthBytes;
        file.attr = attr;
    }

    void root(List<String> path, Sha256 root) {
        top.find(path).root = root;
    }

    /// Keys are put in byte order by the writer.
    Dict build() {
        return top.build();
    }
}
