# frozen_string_literal: true

require 'json'
require 'net/http'
require 'socket'
require 'uri'

# The simulator that the tests run against, see bindings/README.md.
module Simulator
  URL = ENV.fetch('LUMA_URL')
  TOKEN = ENV.fetch('LUMA_TOKEN')

  module_function

  def request(kind, path)
    uri = URI(URL + path)
    request = kind.new(uri)
    request.content_type = 'text/plain'
    body = Net::HTTP.start(uri.host, uri.port) { |http| http.request(request) }.body
    body.to_s.empty? ? nil : JSON.parse(body)
  end

  def advance(milliseconds) = request(Net::HTTP::Post, "/simulator/time?advanceMs=#{milliseconds}")

  def journal(workflow = nil)
    query = workflow ? "?workflowIdentifier=#{workflow}" : ''
    request(Net::HTTP::Get, "/simulator/journal#{query}")['deliveries']
  end

  def clear_journal = request(Net::HTTP::Delete, '/simulator/journal')

  # A URL with a port that nobody listens on.
  def closed_port = TCPServer.open('127.0.0.1', 0) { |server| "http://127.0.0.1:#{server.addr[1]}" }
end
