module github.com/libp2p/go-nat

go 1.26
