module libluma.org/luma

go 1.19
