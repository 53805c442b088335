// Package nat stands in for github.com/libp2p/go-nat and finds no router, ever.
//
// A cluster peer looks for a router to map its ports on, by UPnP multicast and NAT-PMP, and has no setting against it.
// Tests and the demo listen on loopback and have nothing to say to the network they run in.
package nat

import (
	"context"
	"errors"
	"net"
	"time"
)

var ErrNoNATFound = errors.New("no NAT found")

// NAT is the interface of the real package, as far as go-libp2p asks for it.
type NAT interface {
	Type() string
	GetDeviceAddress() (addr net.IP, err error)
	GetExternalAddress() (addr net.IP, err error)
	GetInternalAddress() (addr net.IP, err error)
	AddPortMapping(ctx context.Context, protocol string, internalPort int, description string, timeout time.Duration) (mappedExternalPort int, err error)
	DeletePortMapping(ctx context.Context, protocol string, internalPort int) (err error)
}

// DiscoverGateway finds none, at once and without a packet.
func DiscoverGateway(context.Context) (NAT, error) {
	return nil, ErrNoNATFound
}
