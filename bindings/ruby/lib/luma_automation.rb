# frozen_string_literal: true

require 'luma_automation/version'
require 'luma_automation/native'
require 'luma_automation/library'
require 'luma_automation/calls'
require 'luma_automation/result'
require 'luma_automation/errors'
require 'luma_automation/journal'
require 'luma_automation/wait'
require 'luma_automation/wait_set'
require 'luma_automation/store'
require 'luma_automation/client'

# A client of the Luma Automation gateway.
#
#   client = LumaAutomation::Client.new('https://luma.example.com', token)
#   run = client.trigger('unlock_account', { userName: 'jdoe' })
#   puts client.wait(run.trigger_id, timeout: 60).run_status
#
# It calls the C library libluma, which the gems for a platform contain.
module LumaAutomation
  # The version of the C library.
  def self.library_version = Native.luma_version
end
