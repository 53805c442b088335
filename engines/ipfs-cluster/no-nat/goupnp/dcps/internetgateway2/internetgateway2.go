package internetgateway2

import "github.com/huin/goupnp"

const (
	URN_WANConnectionDevice_1 = "urn:schemas-upnp-org:device:WANConnectionDevice:1"
	URN_WANConnectionDevice_2 = "urn:schemas-upnp-org:device:WANConnectionDevice:2"
	URN_WANIPConnection_1     = "urn:schemas-upnp-org:service:WANIPConnection:1"
	URN_WANIPConnection_2     = "urn:schemas-upnp-org:service:WANIPConnection:2"
	URN_WANPPPConnection_1    = "urn:schemas-upnp-org:service:WANPPPConnection:1"
)

type WANIPConnection1 struct{ goupnp.ServiceClient }

type WANIPConnection2 struct{ goupnp.ServiceClient }

type WANPPPConnection1 struct{ goupnp.ServiceClient }
