"""The tree: published vectors of Certificate Transparency, and the definition of RFC 6962 itself beside ours."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules import merkle

#: Leaves and roots as Certificate Transparency's implementations publish them, for 1 to 8 leaves.
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): [ROOTS[1]],
}
CONSISTENCY = {
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
sizes = st.integers(1, 400)


def grown(leaves):
    tree = merkle.Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree


def defined(leaves):
    """MTH as RFC 6962 (2.1) defines it, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + defined(leaves[:half]) + defined(leaves[half:])).digest()


def some(size):
    return [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(size)]


def proof(leaves, ranges):
    return [defined(leaves[start:end]) for start, end in ranges]


def test_published_roots():
    hashes = [merkle.leaf_hash(leaf) for leaf in LEAVES]
    assert [grown(hashes[:size]).root().hex() for size in range(1, 9)] == ROOTS
    assert merkle.Tree().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_published_proofs_of_inclusion(index, size):
    hashes = [merkle.leaf_hash(leaf) for leaf in LEAVES]
    made = proof(hashes, merkle.inclusion(index, size))
    assert [one.hex() for one in made] == INCLUSION[index, size]
    root = bytes.fromhex(ROOTS[size - 1])
    assert merkle.includes(index=index, size=size, leaf=hashes[index], proof=made, root=root)


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_published_proofs_of_consistency(old, size):
    hashes = [merkle.leaf_hash(leaf) for leaf in LEAVES]
    made = proof(hashes, merkle.consistency(old, size))
    assert [one.hex() for one in made] == CONSISTENCY[old, size]
    roots = [bytes.fromhex(root) for root in ROOTS]
    assert merkle.extends(old=old, old_root=roots[old - 1], size=size, root=roots[size - 1], proof=made)


@given(sizes)
def test_the_root_is_what_the_standard_defines(size):
    leaves = some(size)
    assert grown(leaves).root() == defined(leaves)
    assert grown(leaves).size == size


@given(sizes, st.data())
def test_every_leaf_is_proved_and_no_other(size, data):
    leaves = some(size)
    index = data.draw(st.integers(0, size - 1))
    made, root = proof(leaves, merkle.inclusion(index, size)), defined(leaves)
    assert merkle.includes(index=index, size=size, leaf=leaves[index], proof=made, root=root)
    assert not merkle.includes(index=index, size=size, leaf=merkle.leaf_hash(b"other"), proof=made, root=root)
    for other in {index - 1, index + 1, size}:
        assert not merkle.includes(index=other, size=size, leaf=leaves[index], proof=made, root=root)
    assert not merkle.includes(index=index, size=size, leaf=leaves[index], proof=[*made, root], root=root)
    if made:
        assert not merkle.includes(index=index, size=size, leaf=leaves[index], proof=made[:-1], root=root)


@given(sizes, st.data())
def test_growth_is_proved_and_a_fork_is_not(size, data):
    leaves = some(size)
    old = data.draw(st.integers(1, size))
    made = proof(leaves, merkle.consistency(old, size)) if old < size else []
    facts = {"old": old, "size": size, "root": defined(leaves), "proof": made}
    assert merkle.extends(old_root=defined(leaves[:old]), **facts)
    forked = defined([*leaves[: old - 1], merkle.leaf_hash(b"other")])
    assert not merkle.extends(old_root=forked, **facts)
    if made:
        assert not merkle.extends(old_root=defined(leaves[:old]), **facts | {"proof": made[:-1]})
        assert not merkle.extends(old_root=defined(leaves[:old]), **facts | {"proof": [*made, made[-1]]})


def test_nothing_is_the_beginning_of_everything():
    root = defined(some(5))
    assert merkle.extends(old=0, old_root=merkle.EMPTY, size=5, root=root, proof=[])
    assert not merkle.extends(old=0, old_root=root, size=5, root=root, proof=[])
    assert not merkle.extends(old=6, old_root=root, size=5, root=root, proof=[root])


@given(st.integers(1, 70_000), st.data())
def test_few_blocks_make_up_every_range_of_a_proof(size, data):
    index = data.draw(st.integers(0, size - 1))
    for start, end in [(0, size), *merkle.inclusion(index, size), *merkle.consistency(index + 1, size)]:
        at = start
        for level, first, last in merkle.blocks(start, end):
            assert first * 256**level == at
            at = last * 256**level
            assert last - first <= 256
        assert at == end


def test_full_tiles_are_told_when_their_last_leaf_comes():
    tree, told = merkle.Tree(), []
    for leaf in some(65_536):
        told += [one[:2] for one in merkle.tiles(tree.add(leaf), tree.size)]
    assert told == [*((1, n) for n in range(256)), (2, 0)]
    assert merkle.Tree().add(tree.root(), 16) == [(16, tree.root())]


@given(sizes)
def test_a_tree_begun_with_tiles_goes_on_as_one_begun_with_leaves(size):
    leaves = some(size)
    begun = merkle.Tree()
    for level, first, last in merkle.blocks(0, size):
        for n in range(first, last):
            begun.add(defined(leaves[n * 256**level : (n + 1) * 256**level]), 8 * level)
    begun.add(leaves[0])
    assert begun.root() == defined([*leaves, leaves[0]])
