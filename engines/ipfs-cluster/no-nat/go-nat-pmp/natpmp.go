// Package natpmp stands in for github.com/jackpal/go-nat-pmp and asks no router.
package natpmp

import (
	"errors"
	"net"
	"time"
)

var errNoRouter = errors.New("no router: this build does not ask any")

type Client struct{}

type GetExternalAddressResult struct{ ExternalIPAddress [4]byte }

type AddPortMappingResult struct{}

func NewClient(net.IP) *Client { return &Client{} }

func NewClientWithTimeout(net.IP, time.Duration) *Client { return &Client{} }

func (*Client) GetExternalAddress() (*GetExternalAddressResult, error) { return nil, errNoRouter }

func (*Client) AddPortMapping(string, int, int, int) (*AddPortMappingResult, error) {
	return nil, errNoRouter
}
