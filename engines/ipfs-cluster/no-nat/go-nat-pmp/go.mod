module github.com/jackpal/go-nat-pmp

go 1.26
