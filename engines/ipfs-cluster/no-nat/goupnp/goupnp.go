// Package goupnp stands in for github.com/huin/goupnp, as far as go-libp2p uses it, and finds no device, ever.
//
// A cluster peer looks for a router to map its ports on, by UPnP multicast and NAT-PMP, and has no setting against it.
// Tests and the demo listen on loopback and have nothing to say to the network they run in.
package goupnp

import (
	"context"
	"errors"
	"net/url"
)

var ErrNoDevice = errors.New("no device: this build does not look for any")

type Service struct{ ServiceType string }

type SOAPClient struct{}

func (*Service) NewSOAPClient() *SOAPClient { return nil }

type Device struct{ DeviceType string }

func (*Device) VisitServices(func(*Service)) {}

type RootDevice struct {
	URLBase url.URL
	Device  Device
}

type MaybeRootDevice struct {
	Root *RootDevice
	Err  error
}

type ServiceClient struct {
	SOAPClient *SOAPClient
	RootDevice *RootDevice
	Service    *Service
}

// DiscoverDevicesCtx finds none, at once and without a packet.
func DiscoverDevicesCtx(context.Context, string) ([]MaybeRootDevice, error) { return nil, ErrNoDevice }

func DeviceByURLCtx(context.Context, *url.URL) (*RootDevice, error) { return nil, ErrNoDevice }

// What a client of a router offers. No device is found, so nobody ever calls it.

func (ServiceClient) GetExternalIPAddress() (string, error) { return "", ErrNoDevice }

func (ServiceClient) GetNATRSIPStatusCtx(context.Context) (bool, bool, error) {
	return false, false, ErrNoDevice
}

func (ServiceClient) AddPortMappingCtx(context.Context, string, uint16, string, uint16, string, bool, string, uint32) error {
	return ErrNoDevice
}

func (ServiceClient) DeletePortMappingCtx(context.Context, string, uint16, string) error {
	return ErrNoDevice
}
