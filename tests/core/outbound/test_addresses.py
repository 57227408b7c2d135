"""Which addresses may be called."""

from ipaddress import ip_address

import pytest

from lmssocial.core.outbound import AllowList, is_public

PUBLIC = [
    "1.1.1.1",
    "93.184.216.34",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700:4700::1111",
    "2a00:1450:4001:800::200e",
    "::ffff:1.1.1.1",
    "64:ff9b::101:101",
    "2002:101:101::1",
]
SPECIAL = [
    "0.0.0.0",  # noqa: S104 -- an address to refuse
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::10.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::101:101",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_called(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", SPECIAL)
def test_a_special_address_may_not_be_called(address: str) -> None:
    assert not is_public(ip_address(address))


def test_the_allow_list_reads_hosts_sockets_and_networks() -> None:
    allow = AllowList.parse("localhost:8001, LMS.Intern., 10.20.0.0/16, [::1]:8001, 127.0.0.1, fd00::/8")
    assert allow.names("lms.intern", 443)
    assert allow.names("localhost", 8001)
    assert allow.names("::1", 8001)
    assert allow.names("127.0.0.1", 5)
    assert allow.covers(ip_address("10.20.30.40"))
    assert allow.covers(ip_address("::ffff:10.20.30.40"))
    assert allow.covers(ip_address("fd12::1"))
    assert not allow.names("localhost", 8002)
    assert not allow.names("lms.intern.evil.example", 443)
    assert not allow.covers(ip_address("10.21.0.1"))


def test_the_allow_list_names_every_entry_it_cannot_read() -> None:
    with pytest.raises(ValueError, match=r"http://x, 10\.0\.0\.0/40, host:99999, a b"):
        AllowList.parse(["http://x", "fine.example", "10.0.0.0/40", "host:99999", "a b"])


def test_an_empty_allow_list_allows_nothing() -> None:
    allow = AllowList.parse(" , ")
    assert allow == AllowList()
    assert not allow.names("localhost", 80)
    assert not allow.covers(ip_address("127.0.0.1"))
