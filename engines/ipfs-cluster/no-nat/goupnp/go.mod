module github.com/huin/goupnp

go 1.26
