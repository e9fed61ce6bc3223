/* The JSON of a trigger, for the clients that send a prepared request. */
#define BODY                                                                                       \
    "{\"workflowIdentifier\":\"reset_password\",\"variables\":{\"notifyBy\":\"email\","            \
    "\"userName\":\"jdoe\"},\"initiatorContactId\":4021,\"initiatorApplicationId\":-4,"            \
    "\"initiationInfo\":{\"ticketIdentifier\":\"100-1\"}}"
